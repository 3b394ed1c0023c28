import type { Site } from "@molly/site";
import type { Outside } from "./outside.ts";

/**
 * /etc/nftables.conf of a gateway: what comes from the machines may go out, answers may come back, nothing else may come in.
 * Connections are tracked on the gateway that they go through: those that are open when the VIP moves end.
 */
export const nftables = ({ network }: Site, outside: Outside): string => `#!/usr/sbin/nft -f
# Replaced as a whole, in one transaction: other tables stay as they are.
table inet molly
delete table inet molly

table inet molly {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname "lo" accept
    ip protocol icmp accept
    # IPv6's neighbours need it; nothing here has an IPv6 address of its own.
    meta l4proto ipv6-icmp accept
    iifname "${network.interface}" ip saddr ${network.cidr} tcp dport { 22, 53 } accept
    iifname "${network.interface}" ip saddr ${network.cidr} udp dport 53 accept
  }

  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "${network.interface}" oifname "${outside.interface}" ip saddr ${network.cidr} accept
  }

  chain outgoing {
    type nat hook postrouting priority srcnat;
    ip saddr ${network.cidr} oifname "${outside.interface}" masquerade
  }
}
`;
