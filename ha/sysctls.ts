import { inEphemeralRange, type Machine, type Site } from "@molly/site";

/**
 * Entries of the connection tracking table. kube-proxy's own default for a machine of up to 4 cores
 * (`conntrack.min`), set here because Molly tells kube-proxy to leave the table alone.
 */
const conntrackEntries = 131_072;

/** /etc/sysctl.d/90-molly.conf of one machine. A leading `-` lets a key be absent or read-only. */
export const sysctls = (site: Site, machine: Machine): string =>
  [
    everyNode(),
    site.kubernetes.ipv6 === undefined ? "" : dualStack(site),
    machine.role === "control-plane" ? controlPlane(site) : "",
  ]
    .filter((part) => part !== "")
    .join("\n");

const dualStack = ({
  network,
}: Site): string => `# Pods and Services of both families: kubeadm refuses to begin without it.
net.ipv6.conf.all.forwarding = 1

# A machine that forwards ignores router advertisements otherwise, and would lose its own address of IPv6.
net.ipv6.conf.${network.interface}.accept_ra = 2
`;

const everyNode = (): string => `# Pods and Services are routed through the machine.
net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
net.bridge.bridge-nf-call-ip6tables = 1

# kubelet, containerd and every pod's log reader watch files; the default of 128 instances is used up by a few of them.
fs.inotify.max_user_instances = 8192
fs.inotify.max_user_watches = 524288

# Molly sizes this table, kube-proxy is told not to (conntrack.maxPerCore and min are 0): one owner, and the size is in
# force before the first pod. Read-only inside a container, hence the dash.
-net.netfilter.nf_conntrack_max = ${conntrackEntries}
`;

function controlPlane(site: Site): string {
  const { vip, port } = site.api;
  const bind = `# HAProxy listens on ${vip} on every control plane; only the holder owns that address.
net.ipv4.ip_nonlocal_bind = 1

# One core file a process: Heartbeat warns at every start where one would overwrite the other.
kernel.core_uses_pid = 1
`;
  if (!inEphemeralRange(port)) return bind;
  return `${bind}
# Seed: nothing. Corrected: port ${port} lies in the range that outgoing connections take their ports from
# (32768-60999). One of them would take it sooner or later, and HAProxy could not start.
net.ipv4.ip_local_reserved_ports = ${port}
`;
}
