import { type k8s } from "cdk8s-plus-27";
import { configName } from "./names.ts";
import { type CanalRelease } from "./release.ts";

/** The node's folders and files that Canal's containers work on; containers mount them by these names. */
export function volumes(release: CanalRelease): k8s.Volume[] {
  return [
    hostPath("lib-modules", "/lib/modules"),
    hostPath("var-run-calico", "/var/run/calico", "DirectoryOrCreate"),
    hostPath("var-lib-calico", "/var/lib/calico", "DirectoryOrCreate"),
    // Taken by everyone who changes iptables: calico-node, flannel and kube-proxy share it.
    hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
    hostPath("sys-fs", "/sys/fs/", "DirectoryOrCreate"),
    hostPath("bpffs", "/sys/fs/bpf", "Directory"),
    hostPath("nodeproc", "/proc"),
    // Without a type: a node without securityfs must still start, and Felix then takes it for not locked down.
    ...(release.readsSecurityFs ? [hostPath("sys-kernel-security", "/sys/kernel/security")] : []),
    { name: "flannel-cfg", configMap: { name: configName } },
    hostPath("cni-bin-dir", "/opt/cni/bin", "DirectoryOrCreate"),
    hostPath("cni-net-dir", "/etc/cni/net.d"),
    hostPath("cni-log-dir", "/var/log/calico/cni"),
    ...(release.repositories.cniPlugins === undefined ? [] : [{ name: "cni-plugins-stage", emptyDir: {} }]),
    hostPath("policysync", "/var/run/nodeagent", "DirectoryOrCreate"),
  ];
}

/** Mounts `volume` at `mountPath`. */
export const mount = (volume: string, mountPath: string, options: Partial<k8s.VolumeMount> = {}): k8s.VolumeMount => ({
  name: volume,
  mountPath,
  ...options,
});

const hostPath = (name: string, path: string, type?: string): k8s.Volume => ({ name, hostPath: { path, type } });
