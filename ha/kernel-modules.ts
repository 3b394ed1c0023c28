/** /etc/modules-load.d/molly.conf: loaded at every boot, before the sysctls that need them are set. */
export const kernelModules = (): string => `# containerd's snapshots.
overlay
# Traffic between pods on one bridge passes kube-proxy's rules.
br_netfilter
# Its table's size is set in /etc/sysctl.d/90-molly.conf, and exists only once the module is loaded.
nf_conntrack
`;
