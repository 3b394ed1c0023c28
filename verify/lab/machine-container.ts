import type { Site } from "@molly/site";
import { GenericContainer } from "testcontainers";
import { type Engine, placeOf } from "./engine.ts";
import { containerName, networkName } from "./names.ts";

/**
 * Every capability that a container engine knows by name, without SYS_RESOURCE: some hosts do not have it in their own
 * bounding set and then refuse `--privileged`. Docker 20.10 does not know BPF, PERFMON and CHECKPOINT_RESTORE.
 */
const capabilities = [
  "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER",
  "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
  "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN",
  "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_TIME",
  "SYS_TTY_CONFIG", "WAKE_ALARM",
]; // prettier-ignore

export interface MachineContainerProps {
  readonly engine: Engine;
  readonly site: Site;
  /** Its name and its address in the site. */
  readonly machine: { readonly name: string; readonly address: string };
  readonly image: string;
  /** Whether the host grants `--privileged`. */
  readonly privileged: boolean;
  /** Of the host's folders and files. */
  readonly mounts: Parameters<GenericContainer["withBindMounts"]>[0];
}

/** A container that stands for a whole machine: systemd as PID 1, its name and address, and the rights that takes. */
export class MachineContainer extends GenericContainer {
  constructor({ engine, site, machine, image, privileged, mounts }: MachineContainerProps) {
    super(image);
    this.withName(containerName(site, machine.name))
      .withHostname(machine.name)
      .withNetworkMode(networkName(site))
      .withTmpFs({ "/run": "", "/run/lock": "", "/tmp": "" })
      .withBindMounts(mounts)
      .withEntrypoint(["/sbin/init"])
      .withCommand([])
      .withPullPolicy({ shouldPull: () => "never" })
      .withAutoCleanup(false)
      .withAutoRemove(false);

    if (privileged) this.withPrivilegedMode();
    else this.withAddedCapabilities(...capabilities).withSecurityOpt("seccomp=unconfined", "apparmor=unconfined");

    Object.assign(this.hostConfig, {
      MaskedPaths: [],
      ReadonlyPaths: [],
      ...placeOf(engine),
      ...(engine.cgroupVersion === 1
        ? { CgroupnsMode: "host", Binds: [...(this.hostConfig.Binds ?? []), "/sys/fs/cgroup:/sys/fs/cgroup:rw"] }
        : { CgroupnsMode: "private" }),
    });
    Object.assign(this.createOpts, {
      StopSignal: "SIGRTMIN+3",
      NetworkingConfig: { EndpointsConfig: { [networkName(site)]: { IPAMConfig: { IPv4Address: machine.address } } } },
    });
  }
}

/** A device of the host's, for all that can be done with it. */
export const device = (path: string): { PathOnHost: string; PathInContainer: string; CgroupPermissions: string } => ({
  PathOnHost: path,
  PathInContainer: path,
  CgroupPermissions: "rwm",
});
