import { type Machine, parseNetwork, type Site } from "@molly/site";
import { macAddress } from "../mac-address.ts";

/**
 * cloud-init's network configuration of a machine (version 2, the format that netplan reads).
 *
 * Proxmox VE writes one itself from `ipconfig0`, but always names the interface eth0: Heartbeat's files name the
 * site's interface and would find none.
 */
export function networkConfig(site: Site, { address }: Machine): string {
  const { cidr, gateway, nameServers, interface: name } = site.network;
  return `version: 2
ethernets:
  ${name}:
    match:
      macaddress: "${macAddress(address).toLowerCase()}"
    set-name: ${name}
    mtu: ${site.canal.interfaceMtu}
    dhcp4: false
    addresses: ["${address}/${parseNetwork(cidr)?.prefix}"]
    routes:
      - to: 0.0.0.0/0
        via: ${gateway}
    nameservers:
      addresses: [${nameServers.map((server) => `"${server}"`).join(", ")}]
`;
}
