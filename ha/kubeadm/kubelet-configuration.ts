/** For every kubelet of the cluster; kubeadm fills in the rest (cluster DNS, certificates, static pods). */
export const kubeletConfiguration = (): string => `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
# Must agree with SystemdCgroup in /etc/containerd/config.toml.
cgroupDriver: systemd
`;
