import { apiEndpoint, type Site } from "@molly/site";

/**
 * Seconds that a stopping API server goes on to serve while /readyz already fails. HAProxy notices within 1.5 s
 * (`readinessCheck`); the rest is for a check that is answered late (`timeout check`).
 */
export const shutdownDelaySeconds = 5;

/** What all control planes share. */
export function clusterConfiguration(site: Site): string {
  const { kubernetes, api } = site;
  const certSans = [api.vip, "127.0.0.1", ...(api.externalAddress === undefined ? [] : [api.externalAddress])];
  return `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: ${site.name}
# Seed: stable, another version every day. Corrected: exact.
kubernetesVersion: v${kubernetes.version}
controlPlaneEndpoint: ${apiEndpoint(site)}
# Every probe and every HAProxy check is a TLS handshake: with ECDSA it costs an API server a fraction of RSA's.
encryptionAlgorithm: ECDSA-P256
networking:
  podSubnet: ${families(kubernetes.podNetwork, kubernetes.ipv6?.podNetwork)}
  serviceSubnet: ${families(kubernetes.serviceNetwork, kubernetes.ipv6?.serviceNetwork)}
  dnsDomain: ${kubernetes.dnsDomain}
apiServer:
  certSANs:
${certSans.map((name) => `    - ${name}`).join("\n")}
  extraArgs:
    # A stopping API server serves on until every HAProxy has seen its /readyz fail.
    - name: shutdown-delay-duration
      value: ${shutdownDelaySeconds}s
    # Now and then a client is asked to reconnect, so that after a restart the load spreads again. Requests under way
    # are not cut.
    - name: goaway-chance
      value: "0.001"
etcd:
  local:
    extraArgs:
      # In milliseconds. While etcd elects a leader nobody can renew the VIP's lease or take it over: by etcd's own default
      # of 1000 an election may outlast the lease, for a gap that need not be.
      - name: heartbeat-interval
        value: "${kubernetes.etcd.heartbeatMs}"
      - name: election-timeout
        value: "${kubernetes.etcd.electionMs}"
`;
}

/** IPv4 first: Services that don't ask for a family get the first. */
const families = (ipv4: string, ipv6: string | undefined): string => (ipv6 === undefined ? ipv4 : `${ipv4},${ipv6}`);
