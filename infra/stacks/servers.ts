import type { App, ITerraformDependable } from "cdktf";
import type { Site } from "@molly/site";
import { terraformGrants, verifyGrants } from "../servers/access.ts";
import { byName } from "../servers/by-name.ts";
import { serversScriptsHash } from "../servers/stack-files.ts";
import { access } from "./access.ts";
import { onServer, sshConfigVariable } from "./on-server.ts";
import { ProxmoxStack } from "./proxmox-stack.ts";
import { serverSettings } from "./server-settings.ts";

/**
 * From servers that were installed with the media of build-isos.sh to a cluster that the other stacks can ask.
 *
 * - `prepare_<server>`: side by side; looks whether it is the right server, and lays down apt's sources. All servers that
 *   can't be reached are told at once.
 * - `cluster_<server>`: the first by name forms the cluster, the others join it one after another.
 * - then through the API: name servers, time zone, bridge, and the tokens of Terraform and of the verification.
 *
 * The first token is a person's: before the first `apply` there is no other user than root, so `proxmox_api_token` is made
 * by hand on the first server and handed to this stack alone, at every `apply` of it:
 *
 *     ssh root@<first server> pveum user token add root@pam bootstrap --privsep 0
 *
 * It survives the forming of the cluster, as the others take over the first one's users. Afterwards
 * `pveum user token delete root@pam bootstrap`; the other stacks take the output `terraform_api_token`.
 */
export class ServersStack extends ProxmoxStack {
  constructor(app: App, site: Site) {
    super(app, site, "servers");
    sshConfigVariable(this);
    const servers = byName(site.servers);
    const prepared = servers.map(({ name }) =>
      onServer(this, name, {
        name: `prepare_${name}`,
        command: "molly-servers.sh check repositories",
        triggers: [serversScriptsHash(site)],
      }),
    );
    let joined = prepared;
    for (const { name, address } of servers) {
      const member = onServer(this, name, {
        name: `cluster_${name}`,
        command: "molly-servers.sh cluster",
        forwardAgent: true,
        // Once. A server that was installed anew: `terraform apply -replace=terraform_data.cluster_<server>`.
        triggers: [site.name, address],
        dependsOn: joined,
      });
      joined = [member];
    }
    const dependsOn: ITerraformDependable[] = joined.map((fqn) => ({ fqn }));
    for (const server of servers) serverSettings(this, site, server, dependsOn);
    const terraform = { user: "terraform", comment: "Terraform's stacks ceph and machines" };
    const verify = { user: "verify", comment: "Verification: reads only" };
    const common = { tokenName: site.name, dependsOn };
    access(this, { ...common, ...terraform, grants: terraformGrants(site.network.bridge) });
    access(this, { ...common, ...verify, grants: verifyGrants });
  }
}
