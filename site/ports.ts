/** A range of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Linux's default for outgoing connections (`net.ipv4.ip_local_port_range`). */
export const ephemeralPorts: PortRange = { first: 32_768, last: 60_999 };

/** Kubernetes' default for services of type NodePort (`--service-node-port-range`). */
export const nodePorts: PortRange = { first: 30_000, last: 32_767 };

/** Where HAProxy serves its statistics and metrics, on loopback. */
export const haproxyMetricsPort = 8404;

/** Where HAProxy says on loopback whether it has a healthy API server: what the VIP's engine asks. */
export const haproxyHealthPort = 8405;

/**
 * TCP ports that a control plane uses anyway, and who does. From Kubernetes' "Ports and Protocols" and kubeadm's
 * defaults, Calico's Felix, and ours.
 */
export const tcpPortsInUse: ReadonlyMap<number, string> = new Map([
  [22, "sshd"],
  [2379, "etcd's clients"],
  [2380, "etcd's peers"],
  [2381, "etcd's metrics"],
  [haproxyMetricsPort, "HAProxy's metrics"],
  [haproxyHealthPort, "HAProxy's health check"],
  [9099, "Canal's health check"],
  [10_248, "the kubelet's health check"],
  [10_249, "kube-proxy's metrics"],
  [10_250, "the kubelet"],
  [10_256, "kube-proxy's health check"],
  [10_257, "the controller manager"],
  [10_259, "the scheduler"],
]);

export const inRange = ({ first, last }: PortRange, port: number): boolean => first <= port && port <= last;

/**
 * Whether an outgoing connection may be given this port. A listener there must be protected through
 * `net.ipv4.ip_local_reserved_ports`, or it can fail to bind after a restart.
 */
export const inEphemeralRange = (port: number): boolean => inRange(ephemeralPorts, port);
