import { type Site } from "@molly/site";
import { replicaGroup } from "./names.ts";

/** One way in which a container is not a machine, and what a replica's node gets for it besides the files of `dist`. */
export interface Difference {
  /** Absolute path on the node; never one that `dist` renders. */
  readonly path: string;
  readonly text: string;
  readonly why: string;
  readonly executable?: boolean;
}

/** What the differences depend on: the host of the containers. */
export interface Host {
  readonly cgroupVersion: 1 | 2;
  readonly privileged: boolean;
}

/** Folder for what belongs to the replica alone. */
export const replicaFolder = "/etc/molly-replica";

/**
 * Everything that differs between a replica's node and a real machine. `dist` is laid down byte for byte; these files
 * stand beside it and use the hooks that containerd, kubelet and Molly's scripts offer to an operator.
 */
export function overlay(site: Site, host: Host): Difference[] {
  return [
    {
      path: "/etc/default/molly",
      why: "kubeadm's checks of the kernel's configuration, of cgroup v1, swap and modules speak of the host, which is not the node",
      text: `MOLLY_KUBEADM_FLAGS="--ignore-preflight-errors=SystemVerification,Swap,Mem,NumCPU,FileContent--proc-sys-net-bridge-bridge-nf-call-iptables"\n`,
    },
    {
      path: "/etc/default/kubelet",
      why: "the kubelet's own drop-in folder carries the settings below, so that the one kubeadm wrote stays as rendered",
      text: `KUBELET_EXTRA_ARGS="--config-dir=${replicaFolder}/kubelet.conf.d"\n`,
    },
    {
      path: `${replicaFolder}/kubelet.conf.d/10-replica.conf`,
      why: "cgroup v1 host; all nodes share one disk, so its fill level must not evict pods or collect images that can't be pulled again",
      text: kubeletConfiguration({
        failSwapOn: false,
        ...(host.cgroupVersion === 1 ? { failCgroupV1: false, cgroupDriver: "cgroupfs" } : {}),
        // Without CAP_SYS_RESOURCE the kubelet may not lower its own OOM score, nor write some sysctls: it then only logs.
        ...(host.privileged ? {} : { featureGates: { KubeletInUserNamespace: true } }),
        evictionHard: {
          "memory.available": "100Mi",
          "nodefs.available": "1Gi",
          "imagefs.available": "1Gi",
          "nodefs.inodesFree": "1%",
        },
        imageGCHighThresholdPercent: 100,
        imageGCLowThresholdPercent: 99,
        // Pods must not inherit the engine's resolver 127.0.0.11: CoreDNS would find itself in a loop.
        resolvConf: `${replicaFolder}/resolv.conf`,
      }),
    },
    {
      path: `${replicaFolder}/resolv.conf`,
      why: "the engine writes its own resolver into /etc/resolv.conf; real machines have the site's name servers there",
      text: site.network.nameServers.map((server) => `nameserver ${server}\n`).join(""),
    },
    {
      path: "/etc/containerd/conf.d/90-replica.toml",
      why: "runc may not set negative OOM scores without CAP_SYS_RESOURCE, and a cgroup v1 host has no systemd slices for a container",
      text: [
        "version = 3",
        "[plugins.'io.containerd.cri.v1.runtime']",
        `restrict_oom_score_adj = ${!host.privileged}`,
        "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]",
        "runtime_type = 'io.containerd.runc.v2'",
        "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]",
        `SystemdCgroup = ${host.cgroupVersion === 2}`,
        "",
      ].join("\n"),
    },
    ...(host.cgroupVersion === 1 ? realTimeBudget() : []),
    {
      path: `${replicaFolder}/prepare`,
      executable: true,
      why: "what a machine's kernel gives at boot and a container lacks, at every start",
      text: prepareScript(site, host),
    },
    {
      path: "/etc/systemd/system/molly-replica.service",
      why: "runs the above before containerd and kubelet, after systemd made its control groups (an entry point would be too early)",
      text: [
        "[Unit]",
        "Description=Make this container resemble a machine",
        "DefaultDependencies=no",
        "After=local-fs.target",
        "Before=containerd.service kubelet.service haproxy.service heartbeat.service keepalived.service molly-vip.service",
        "[Service]",
        "Type=oneshot",
        "RemainAfterExit=yes",
        `ExecStart=${replicaFolder}/prepare`,
        "[Install]",
        "WantedBy=multi-user.target",
        "",
      ].join("\n"),
    },
  ];
}

/** On cgroup v1 a group has no real-time budget until it is given one, each below what its parent has. */
const realTimeBudget = (): Difference[] => [
  {
    path: "/etc/systemd/system/molly-vip.service.d/90-replica.conf",
    why: "a machine's kernel lets molly-vip make itself real-time; on a cgroup v1 host its groups need a budget for that",
    text: `[Service]\nExecStartPre=+-${replicaFolder}/grant-real-time\n`,
  },
  {
    path: `${replicaFolder}/grant-real-time`,
    executable: true,
    why: "the budget: a tenth of each processor, four times of what molly-vip takes",
    text: [
      "#!/bin/sh",
      "set -eu",
      "group=$(sed -nE 's/^[0-9]+:(cpu|cpu,cpuacct)://p' /proc/self/cgroup)",
      `case $group in ${replicaGroup}/*) ;; *) exit 0 ;; esac`,
      `path=/sys/fs/cgroup/cpu${replicaGroup}`,
      'echo 900000 > "$path/cpu.rt_runtime_us"',
      `IFS=/; for part in \${group#${replicaGroup}/}; do`,
      '  path=$path/$part; echo 100000 > "$path/cpu.rt_runtime_us"',
      "done",
      "",
    ].join("\n"),
  },
];

const kubeletConfiguration = (settings: object): string =>
  `${JSON.stringify({ apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration", ...settings }, undefined, 2)}\n`;

const prepareScript = (site: Site, host: Host): string =>
  [
    "#!/bin/sh",
    "set -eu",
    "# Pods mount volumes that the node must see, and the kubelet writes to /sys.",
    "mount --make-rshared /",
    "mount -o remount,rw /sys",
    "# An isolated network gives no default route; the site's machines have this one.",
    `ip route replace default via ${site.network.gateway} dev ${site.network.interface}`,
    "# The engine mounts its own /etc/hosts over the rendered one: same content, written in place.",
    `if [ -f ${replicaFolder}/hosts ]; then cat ${replicaFolder}/hosts > /etc/hosts; fi`,
    ...(host.cgroupVersion === 1
      ? [
          "# All nodes share the host's control groups: the kubelet's root is this container's own group, in every hierarchy.",
          "group=$(sed -n 's/^[0-9]*:memory://p' /proc/1/cgroup)",
          'for hierarchy in /sys/fs/cgroup/*/; do mkdir -p "$hierarchy$group" 2>/dev/null || true; done',
          'cpuset="/sys/fs/cgroup/cpuset$group"',
          'cat /sys/fs/cgroup/cpuset/cpuset.cpus > "$cpuset/cpuset.cpus" && cat /sys/fs/cgroup/cpuset/cpuset.mems > "$cpuset/cpuset.mems"',
          "# What else the host does must not starve the machines: together they count as much as 16 busy programs.",
          `shares=/sys/fs/cgroup/cpu${replicaGroup}/cpu.shares`,
          'if [ -w "$shares" ]; then echo 16384 > "$shares"; fi',
          `printf '{"apiVersion":"kubelet.config.k8s.io/v1beta1","kind":"KubeletConfiguration","cgroupRoot":"%s"}\\n' "$group" > ${replicaFolder}/kubelet.conf.d/20-cgroup-root.conf`,
        ]
      : []),
    "",
  ].join("\n");
