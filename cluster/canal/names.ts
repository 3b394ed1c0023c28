/** Upstream's names: Calico's programs look some of them up, and its documentation and tools speak of them. */
export const namespace = "kube-system";
export const configName = "canal-config";
export const serviceAccounts = {
  node: "canal",
  cniPlugin: "calico-cni-plugin",
  kubeControllers: "calico-kube-controllers",
} as const;
