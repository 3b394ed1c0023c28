import { firstControlPlane, type Machine, type Site } from "@molly/site";
import { clusterConfiguration } from "./cluster-configuration.ts";
import { initConfiguration } from "./init-configuration.ts";
import { joinConfiguration } from "./join-configuration.ts";
import { kubeProxyConfiguration } from "./kube-proxy-configuration.ts";
import { kubeletConfiguration } from "./kubelet-configuration.ts";

/**
 * /etc/molly/kubeadm-join.yaml of the machine that started the cluster: lost and made anew, it joins as any other does.
 * Not in the same file: kubeadm warns of each document that it does not read.
 */
export const kubeadmJoinConfig = (site: Site, machine: Machine): string => joinConfiguration(site, machine);

/** /etc/molly/kubeadm.yaml: the first control plane starts the cluster, every other machine joins it. */
export function kubeadmConfig(site: Site, machine: Machine): string {
  if (machine.name !== firstControlPlane(site).name) return joinConfiguration(site, machine);
  return [
    initConfiguration(site, machine),
    clusterConfiguration(site),
    kubeletConfiguration(),
    kubeProxyConfiguration(),
  ].join("---\n");
}
