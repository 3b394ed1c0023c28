import { preferredHolder, type Site } from "@molly/site";
import { vipWithPrefix } from "./vip-address.ts";

/** /etc/ha.d/haresources, the same on every control plane. */
export const haresources = (
  site: Site,
): string => `# <preferred holder> <resource>. The same file on every control plane.
#
${site.vip.engine === "heartbeat-classic" ? address(site) : preference(site)}`;

/** The seed's way: the resource is the address. */
const address = (
  site: Site,
): string => `# Seed: '${preferredHolder(site)} ${site.api.vip}'. Corrected: prefix and interface are named instead of guessed from the routes, and
# IPaddr2 is used, which works through ip(8) and announces the address by gratuitous ARP.
#
# A known limit that no setting here removes: haresources is made for two machines. With more, the survivors do not
# agree on who takes over, so when the holder dies each of them may take the address, and two holders stay until one
# of them is stopped.
${preferredHolder(site)} IPaddr2::${vipWithPrefix(site)}/${site.network.interface}
`;

/** The resource is a wish, which several machines may have at a time. */
const preference = (
  site: Site,
): string => `# Seed: '${preferredHolder(site)} ${site.api.vip}', so Heartbeat assigned the address. Corrected: haresources is made for two machines, and
# of three both survivors of a dead holder take the resource. So the resource is not the address: molly-vip-preferred only
# notes on whose machine it is wanted, and molly-vip asks etcd, which names one.
${preferredHolder(site)} molly-vip-preferred::${site.api.vip}
`;
