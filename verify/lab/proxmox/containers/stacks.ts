import { join } from "node:path";
import { Failure, type Site } from "@molly/site";
import type { RunFolder, Settings } from "./run-folder.ts";
import { imageChecksum, imagePath } from "./cloud-image.ts";
import { terraform, type TerraformStack } from "./terraform-container.ts";

/**
 * The stacks in the order in which they are applied; each wants what those before it made. Without `gateway`: the sites that
 * are brought up here have none of their own, and a replica's network ends at the engine's bridge.
 */
export const stackOrder = ["servers", "ceph", "machines", "hosts"] as const;

export type StackName = (typeof stackOrder)[number];

/** Names in /dev/disk/by-id of a server's disks for Ceph: the site's own, or what a replica calls those it leaves open. */
export const osdDisks = ({ servers }: Site, name: string): string[] =>
  (servers.find((server) => server.name === name)?.disks ?? [])
    .filter(({ use }) => use === "ceph")
    .map(({ id }, index) => id ?? `ata-REPLICA_${name}_${index}`);

interface Known {
  readonly site: Site;
  readonly folder: RunFolder;
  readonly settings: Settings;
  readonly publicKey: string;
  /** Whether Calico's images could be had: without them, flannel's half of Canal is applied from a folder of its own. */
  readonly podNetwork: string;
}

/** An output of a stack that was applied. @throws Failure when it has none of that name */
async function output(props: TerraformStack, name: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await terraform(props, "output", "-json", name);
  if (exitCode === 0) return JSON.parse(stdout);
  throw new Failure({
    what: `The stack '${props.stack}' has no output '${name}'.`,
    seen: stderr,
    remedy: `Apply it first: \`docker exec ${props.site.name}-terraform …\`, or \`./molly lab up --through terraform\` anew.`,
  });
}

/** What a stack is given: what a person would, and what the stacks before it put out. */
export async function variablesOf(known: Known, stack: StackName): Promise<Record<string, unknown>> {
  const { site, folder, settings, publicKey, podNetwork } = known;
  const entry = site.servers.map(({ name }) => name).sort()[0] ?? "";
  const address = site.servers.find(({ name }) => name === entry)?.address ?? "";
  const endpoint = `https://${address}:8006/`;
  const before = (name: StackName): TerraformStack => ({ site, folder, stack: name, variables: {} });
  switch (stack) {
    case "servers":
      return { proxmox_endpoint: endpoint, proxmox_api_token: `root@pam!bootstrap=${settings.bootstrapSecret}` };
    case "ceph":
      return {
        proxmox_endpoint: endpoint,
        proxmox_api_token: await output(before("servers"), "terraform_api_token"),
        osd_disks: Object.fromEntries(site.servers.map(({ name }) => [name, osdDisks(site, name)])),
      };
    case "machines":
      return {
        proxmox_endpoint: endpoint,
        proxmox_api_token: await output(before("servers"), "terraform_api_token"),
        debian_image_url: `https://${address}:8006${imagePath}`,
        debian_image_checksum: imageChecksum,
        ssh_public_keys: [publicKey],
      };
    case "hosts":
      return {
        machine_ids: await output(before("machines"), "machine_ids"),
        pod_network: podNetwork,
        molly_command: join("/run/molly-terraform", "molly"),
      };
  }
}
