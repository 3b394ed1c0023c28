import { type GatewayMachine, parseNetwork, type Site } from "@molly/site";
import { macAddress } from "../mac-address.ts";

type Outside = NonNullable<Site["gateway"]["outside"]>;

/**
 * cloud-init's network configuration of a gateway: one card to the machines, one outside, and the way out through that one.
 * The VIP is nobody's here: molly-vip brings it.
 */
export function gatewayNetworkConfig(site: Site, outside: Outside, machine: GatewayMachine): string {
  const prefix = (cidr: string): number | undefined => parseNetwork(cidr)?.prefix;
  const card = (name: string, address: string, cidr: string): string => `  ${name}:
    match:
      macaddress: "${macAddress(address).toLowerCase()}"
    set-name: ${name}
    dhcp4: false
    addresses: ["${address}/${prefix(cidr)}"]
`;
  return `version: 2
ethernets:
${card(site.network.interface, machine.address, site.network.cidr)}    mtu: ${site.canal.interfaceMtu}
${card(outside.interface, machine.outsideAddress, outside.cidr)}    routes:
      - to: 0.0.0.0/0
        via: ${outside.gateway}
    nameservers:
      addresses: [${site.gateway.forwarders.map((server) => `"${server}"`).join(", ")}]
`;
}
