import type { Site } from "@molly/site";
import { pauseImage } from "./pause-image.ts";

/** /etc/containerd/config.toml, for containerd 2.x. */
export const containerdConfig = (site: Site): string => `version = 3

# What one machine needs differently goes there, not here.
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  # The one that kubeadm ${site.kubernetes.version} names; another one would be pulled twice and garbage-collected once.
  sandbox = "${pauseImage(site.kubernetes.version)}"

[plugins.'io.containerd.cri.v1.runtime'.cni]
  # Where the package kubernetes-cni and Canal put their plugins.
  bin_dirs = ["/opt/cni/bin"]

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  # systemd owns the cgroups on Debian. Must agree with the kubelet's cgroupDriver.
  SystemdCgroup = true
`;
