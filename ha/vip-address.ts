import type { Site } from "@molly/site";

/** The VIP as it stands on the machines' interface, with the network's prefix: `10.0.1.99/24`. */
export const vipWithPrefix = ({ api, network }: Site): string => `${api.vip}/${network.cidr.split("/")[1]}`;

/** A unit's directive: when its service has ended, the VIP is taken off the interface if it still stands there. */
export function dropVipAfterwards(site: Site): string {
  const { api, network } = site;
  const present = `ip -o -4 address show dev ${network.interface} | grep -qF " ${api.vip}/"`;
  return `ExecStopPost=-/bin/sh -c '! ${present} || ip address del ${vipWithPrefix(site)} dev ${network.interface}'`;
}
