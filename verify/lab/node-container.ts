import type { Machine, Site } from "@molly/site";
import type { Engine } from "./engine.ts";
import { device, MachineContainer } from "./machine-container.ts";
import { label } from "./names.ts";

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

/** A container that stands for one machine of the site: also its interface has the name that the site's files give it. */
export class NodeContainer extends MachineContainer {
  constructor({ engine, site, machine, image, privileged, inputs, mounts, mac }: NodeContainerProps) {
    const binds = Object.entries(mounts).map(([source, target]) => ({ source, target, mode: "ro" as const }));
    super({ engine, site, machine, image, privileged, mounts: binds });
    this.withLabels({ [label.site]: site.name, [label.node]: machine.name, [label.inputs]: inputs })
      // The engine calls the interface eth0; the site's files name another.
      .withEntrypoint(["/bin/sh", "-c", `ip link set eth0 name ${site.network.interface} && exec /sbin/init`]);
    Object.assign(this.hostConfig, {
      // The kubelet wants the kernel log, ceph-fuse and fuse-overlayfs want fuse, molly-vip a device of its own.
      Devices: ["/dev/kmsg", "/dev/fuse", "/dev/net/tun"].map(device),
      // Without it no privileged pod starts: runc writes `a *:* rwm`.
      DeviceCgroupRules: ["a *:* rwm"],
      Dns: site.network.nameServers,
      // Each machine of a site has processors of its own. Here all share the host's, and what is measured is the API.
      CpuShares: machine.role === "control-plane" ? 4096 : 1024,
      NanoCpus: processorsOf(machine, engine) * 1e9,
    });
    Object.assign(this.createOpts, {
      ...(mac === undefined ? {} : { MacAddress: mac }),
      Volumes: { "/var/lib/containerd": {}, "/var/lib/kubelet": {}, "/var/lib/etcd": {} },
    });
  }
}

/**
 * A machine has no more processors than in the site, and never more than half of its host's: an API server whose etcd has no
 * leader was seen to renew its watches 3000 times a second, which on real servers starves nobody but its own machine.
 */
const processorsOf = ({ cores = Infinity }: { cores?: number }, { cpus }: Engine): number => Math.min(cores, cpus / 2);
