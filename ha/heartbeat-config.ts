import { controlPlanes, type Site } from "@molly/site";

/** Heartbeat's port unless ha.cf names another. */
const defaultPort = 694;

/** /etc/ha.d/ha.cf, the same on every control plane. */
export function heartbeatConfig(site: Site): string {
  const { heartbeat, network } = site;
  const peers = controlPlanes(site);
  return `# Heartbeat: ${purpose(site)}
# The same file on every control plane.

# Seed: whole seconds, 2 and 10. Corrected: a dead machine is noticed in ${heartbeat.deadMs} ms instead of 10 s.
keepalive ${heartbeat.keepaliveMs}ms
warntime ${heartbeat.warnMs}ms
deadtime ${heartbeat.deadMs}ms
# While a machine boots its network may be late: it waits this long before it calls the others dead.
initdead ${heartbeat.initDeadMs}ms

# There is no serial line, but left out, Heartbeat sets it itself after the media and complains about the order.
baud 19200
${port(heartbeat.port)}
# Seed: bcast, mcast, and ucast to the current node. Corrected: ucast to every control plane; Heartbeat ignores what
# comes from itself. Broadcast and multicast reach every machine of the network, are dropped by switches and filters without a
# word, and over the same interface they add no second path.
${peers.map(({ address }) => `ucast ${network.interface} ${address}`).join("\n")}
# Seed: 'udp ${network.interface}'. Dropped: an obsolete spelling of bcast.

${failback(site)}

# Resources come from haresources.
crm off

# Seed: 'logfacility local0'. Corrected: through the log daemon, so that a slow disk never delays a heartbeat (Heartbeat
# warns without it). The facility is in /etc/logd.cf now.
use_logd yes

# Must match 'uname -n'.
${peers.map(({ name }) => `node ${name}`).join("\n")}
`;
}

const purpose = ({ api, vip }: Site): string =>
  vip.engine === "heartbeat-classic"
    ? `which control plane holds ${api.vip}.`
    : `which control planes are up, and on which of them ${api.vip} is wanted. molly-vip and etcd decide who holds it.`;

function failback({ vip }: Site): string {
  const seed = "# Seed: nothing, so the deprecated 'legacy' and a warning at each start. Corrected:";
  return vip.failback
    ? `${seed} said, as the site wants it (vip.failback).
auto_failback on`
    : `${seed} the VIP stays where it is when the
# preferred holder returns. Moving it back would be a second outage for nothing.
auto_failback off`;
}

function port(udpPort: number): string {
  if (udpPort === defaultPort)
    return `# Seed: 'udpport ${defaultPort}'. Dropped: it is the default, and Heartbeat 3.0.6 complains about the line wherever it stands.
`;
  return `# Must stand before the ucast lines. Heartbeat 3.0.6 says so at each start even though it does: harmless.
udpport ${udpPort}
`;
}
