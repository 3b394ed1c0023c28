import { preferredHolder, type Site } from "@molly/site";

/** /etc/ha.d/haresources, the same on every control plane. */
export function haresources(site: Site): string {
  const { network, api } = site;
  const prefix = network.cidr.split("/")[1];
  return `# <preferred holder> <resource>. The same file on every control plane.
#
# Seed: '${preferredHolder(site)} ${api.vip}'. Corrected: prefix and interface are named instead of guessed from the routes, and
# IPaddr2 is used, which works through ip(8) and announces the address by gratuitous ARP.
#
# A known limit that no setting here removes: haresources is made for two machines. With more, the survivors do not
# agree on who takes over, so when the holder dies each of them may take the address, and two holders stay until one
# of them is stopped.
${preferredHolder(site)} IPaddr2::${api.vip}/${prefix}/${network.interface}
`;
}
