/** For every kube-proxy of the cluster. */
export const kubeProxyConfiguration = (): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
# What Canal is tested with.
mode: iptables
# 0: leave the table's size alone. /etc/sysctl.d/90-molly.conf owns it.
conntrack:
  maxPerCore: 0
  min: 0
`;
