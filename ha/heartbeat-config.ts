import { controlPlanes, type Site } from "@molly/site";

/** /etc/ha.d/ha.cf, the same on every control plane. */
export function heartbeatConfig(site: Site): string {
  const { heartbeat, network } = site;
  const peers = controlPlanes(site);
  return `# Heartbeat: which control plane holds ${site.api.vip}. The same file on every control plane.

# Seed: whole seconds, 2 and 10. Corrected: a dead holder is noticed in ${heartbeat.deadMs} ms instead of 10 s.
keepalive ${heartbeat.keepaliveMs}ms
warntime ${heartbeat.warnMs}ms
deadtime ${heartbeat.deadMs}ms
# While a machine boots its network may be late: it waits this long before it calls the others dead.
initdead ${heartbeat.initDeadMs}ms

# Seed: behind it also bcast and mcast. Corrected: one medium. Broadcast and multicast reach every machine of the network,
# switches and filters drop them silently, and a second medium over the same interface adds no second path.
# Must stand before the ucast lines: a line uses the port known so far.
udpport ${heartbeat.port}
# Seed: the current node's own address. Corrected: every control plane; Heartbeat leaves out its own.
${peers.map(({ address }) => `ucast ${network.interface} ${address}`).join("\n")}
# Seed: 'udp ${network.interface}'. Dropped: an obsolete spelling of bcast.

# Seed: nothing, so the deprecated 'legacy' and a warning at each start. Corrected: the address stays where it is when the
# preferred holder returns. Moving it back would be a second outage for nothing.
auto_failback off

# Resources come from haresources.
crm off

# To /var/log/syslog.
logfacility local0

# Must match 'uname -n'.
${peers.map(({ name }) => `node ${name}`).join("\n")}
`;
}
