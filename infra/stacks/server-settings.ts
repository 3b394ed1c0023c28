import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { NetworkLinuxBridge } from "@cdktf/provider-proxmox/network-linux-bridge";
import { VirtualEnvironmentDns } from "@cdktf/provider-proxmox/virtual-environment-dns";
import { VirtualEnvironmentTime } from "@cdktf/provider-proxmox/virtual-environment-time";
import { installerBridge, type Server, type Site } from "@molly/site";
import { keepName, terraformName } from "../terraform-name.ts";

/**
 * A server's name servers, time zone and bridge. The installer's own bridge is left as it is: it carries the server's
 * address, and to take it over Terraform would have to read it before the cluster is there to answer.
 */
export function serverSettings(scope: Construct, site: Site, server: Server, dependsOn: ITerraformDependable[]): void {
  const { network, proxmox, canal } = site;
  const node = { nodeName: server.name, dependsOn };
  const name = terraformName(server.name);
  const dns = { ...node, domain: proxmox.domain, servers: network.nameServers };
  keepName(new VirtualEnvironmentDns(scope, `dns-${server.name}`, dns), name);
  keepName(new VirtualEnvironmentTime(scope, `time-${server.name}`, { ...node, timeZone: proxmox.timeZone }), name);
  if (network.bridge === installerBridge || server.bridgePort === undefined) return;
  const bridge = new NetworkLinuxBridge(scope, `bridge-${server.name}`, {
    ...node,
    name: network.bridge,
    ports: [server.bridgePort],
    mtu: canal.interfaceMtu,
    comment: "The machines' network. Rendered: change the site, not this bridge.",
  });
  keepName(bridge, name);
}
