import type { Site } from "@molly/site";
import type { Outside } from "./outside.ts";

/** /etc/dnsmasq.d/molly.conf of a gateway: answers the machines' questions by asking the forwarders, and nobody outside. */
export const dnsmasq = (
  { gateway }: Site,
  outside: Outside,
): string => `# Nothing but what stands here: no /etc/resolv.conf, no names from /etc/hosts.
no-resolv
no-hosts
${gateway.forwarders.map((address) => `server=${address}`).join("\n")}

# On every address, also on the VIP when it comes: it is on a network device of its own. Not outside.
bind-dynamic
except-interface=${outside.interface}

cache-size=1000
# molly-gateway-health asks for a new name each second that is nobody's: those must not crowd the others out.
no-negcache
`;
