import { App } from "cdktf";
import { type RenderedFile, type Site } from "@molly/site";
import { gatewayStackFiles, hostsStackFiles } from "./hosts/files.ts";
import { moves } from "./moved.ts";
import { cephStackFiles, serversStackFiles } from "./servers/stack-files.ts";
import { CephStack } from "./stacks/ceph.ts";
import { GatewayStack } from "./stacks/gateway.ts";
import { HostsStack } from "./stacks/hosts.ts";
import { MachinesStack } from "./stacks/machines.ts";
import { ServersStack } from "./stacks/servers.ts";
import { stackText } from "./stack-text.ts";

// cdktn notes with each value where in the code it was made: a third of the time that rendering takes.
process.env["CDKTN_DISABLE_CREATION_STACK"] = "true";

/**
 * Terraform for the site, one folder a stack, in the order in which they are applied: `infra/servers/`, `infra/ceph/`,
 * `infra/gateway/` where the site has one, `infra/machines/`, `infra/hosts/`, each with the scripts that it runs.
 * Pure: nothing is written, and the same site yields the same bytes.
 *
 * @param site validated; a control plane's server, for one, is taken to exist
 * @param renamed resources that had another name, by stack
 */
export function renderInfra(site: Site, renamed: typeof moves = moves): RenderedFile[] {
  // An App makes its output folder at once, though nothing is put there: the current one is there already.
  const app = new App({ outdir: ".", stackTraces: false, skipValidation: true });
  const gateway = site.gateway.enabled ? [new GatewayStack(app, site)] : [];
  const stacks = [
    new ServersStack(app, site),
    new CephStack(app, site),
    ...gateway,
    new MachinesStack(app, site),
    new HostsStack(app, site),
  ];
  for (const stack of stacks) {
    const moved = renamed[stack.node.id] ?? [];
    if (moved.length > 0) stack.addOverride("moved", moved);
  }
  return [
    ...stacks.map((stack) => ({ path: `infra/${stack.node.id}/cdk.tf.json`, text: stackText(stack) })),
    ...under("servers", serversStackFiles(site)),
    ...under("ceph", cephStackFiles(site)),
    ...(site.gateway.enabled ? under("gateway", gatewayStackFiles(site)) : []),
    ...under("hosts", hostsStackFiles(site)),
  ];
}

const under = (stack: string, files: readonly RenderedFile[]): RenderedFile[] =>
  files.map((file) => ({ ...file, path: `infra/${stack}/${file.path}` }));
