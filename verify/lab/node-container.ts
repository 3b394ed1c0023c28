import type { Machine, Site } from "@molly/site";
import { GenericContainer } from "testcontainers";
import { type Engine, placeOf } from "./engine.ts";
import { containerName, label, networkName } from "./names.ts";

/**
 * Every capability that a container engine knows by name, without SYS_RESOURCE: some hosts do not have it in their own
 * bounding set and then refuse `--privileged`. Docker 20.10 does not know BPF, PERFMON and CHECKPOINT_RESTORE.
 */
export const capabilities = [
  "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER",
  "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
  "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN",
  "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_TIME",
  "SYS_TTY_CONFIG", "WAKE_ALARM",
]; // prettier-ignore

export interface NodeContainerProps {
  readonly engine: Engine;
  readonly site: Site;
  readonly machine: Pick<Machine, "name" | "role" | "address"> & Partial<Pick<Machine, "cores">>;
  readonly image: string;
  /** Whether the host grants `--privileged`. */
  readonly privileged: boolean;
  /** Hash of everything the replica is made from; told apart by `up` on its next run. */
  readonly inputs: string;
  /** Host folders to mount read-only: source → target. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Of its interface. @default one that the engine draws */
  readonly mac?: string;
}

/** A container that stands for one machine: systemd as PID 1, the machine's name, address and interface name. */
export class NodeContainer extends GenericContainer {
  constructor({ engine, site, machine, image, privileged, inputs, mounts, mac }: NodeContainerProps) {
    super(image);
    this.withName(containerName(site, machine.name))
      .withHostname(machine.name)
      .withLabels({ [label.site]: site.name, [label.node]: machine.name, [label.inputs]: inputs })
      .withNetworkMode(networkName(site))
      .withTmpFs({ "/run": "", "/run/lock": "", "/tmp": "" })
      .withBindMounts(Object.entries(mounts).map(([source, target]) => ({ source, target, mode: "ro" })))
      // The engine calls the interface eth0; the site's files name another.
      .withEntrypoint(["/bin/sh", "-c", `ip link set eth0 name ${site.network.interface} && exec /sbin/init`])
      .withCommand([])
      .withPullPolicy({ shouldPull: () => "never" })
      .withAutoCleanup(false)
      .withAutoRemove(false);

    if (privileged) this.withPrivilegedMode();
    else this.withAddedCapabilities(...capabilities).withSecurityOpt("seccomp=unconfined", "apparmor=unconfined");

    Object.assign(this.hostConfig, {
      // The kubelet wants the kernel log, ceph-fuse and fuse-overlayfs want fuse, molly-vip a device of its own.
      Devices: ["/dev/kmsg", "/dev/fuse", "/dev/net/tun"].map((path) => ({
        PathOnHost: path,
        PathInContainer: path,
        CgroupPermissions: "rwm",
      })),
      // Without it no privileged pod starts: runc writes `a *:* rwm`.
      DeviceCgroupRules: ["a *:* rwm"],
      MaskedPaths: [],
      ReadonlyPaths: [],
      Dns: site.network.nameServers,
      ...placeOf(engine),
      // Each machine of a site has processors of its own. Here all share the host's, and what is measured is the API.
      CpuShares: machine.role === "control-plane" ? 4096 : 1024,
      NanoCpus: processorsOf(machine, engine) * 1e9,
      ...(engine.cgroupVersion === 1
        ? { CgroupnsMode: "host", Binds: [...(this.hostConfig.Binds ?? []), "/sys/fs/cgroup:/sys/fs/cgroup:rw"] }
        : { CgroupnsMode: "private" }),
    });
    Object.assign(this.createOpts, {
      ...(mac === undefined ? {} : { MacAddress: mac }),
      StopSignal: "SIGRTMIN+3",
      Volumes: { "/var/lib/containerd": {}, "/var/lib/kubelet": {}, "/var/lib/etcd": {} },
      NetworkingConfig: { EndpointsConfig: { [networkName(site)]: { IPAMConfig: { IPv4Address: machine.address } } } },
    });
  }
}

/**
 * A machine has no more processors than in the site, and never more than half of its host's: an API server whose etcd has no
 * leader was seen to renew its watches 3000 times a second, which on real servers starves nobody but its own machine.
 */
const processorsOf = ({ cores = Infinity }: { cores?: number }, { cpus }: Engine): number => Math.min(cores, cpus / 2);
