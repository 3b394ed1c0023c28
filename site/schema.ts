import { z } from "zod";
import { DualStack } from "./schema/dual-stack.ts";
import { Gateway } from "./schema/gateway.ts";
import { GitOps } from "./schema/gitops.ts";
import { Health } from "./schema/health.ts";
import { Maintenance } from "./schema/maintenance.ts";
import { Monitoring } from "./schema/monitoring.ts";
import { Pins } from "./schema/pins.ts";
import { Proxmox } from "./schema/proxmox.ts";
import { State } from "./schema/state.ts";
import { Storage } from "./schema/storage.ts";
import { VipFencing } from "./schema/vip-fencing.ts";

/** A size of memory or disk in GiB (2^30 bytes). */
const gib = z.number().int().positive();
const address = z.string();
const cidr = z.string();
const milliseconds = z.number().int().positive();

const Disk = z.strictObject({
  /** TiB (2^40 bytes), as the seed counts. */
  sizeTiB: z.number().positive(),
  /** `zfs`: member of the server's system mirror; `ceph`: one OSD. */
  use: z.enum(["zfs", "ceph"]),
  /** Its name in `/dev/disk/by-id`. Left out, it is asked for where it is needed: by build-isos.sh and by Terraform. */
  id: z.string().optional(),
});

/** A physical Proxmox VE server. */
const Server = z.strictObject({
  name: z.string(),
  cores: z.number().int().positive(),
  memoryGiB: gib,
  /** Where it is managed, and where Proxmox VE's and Ceph's own traffic goes; inside the machines' network. */
  address,
  /** MAC address of the network card that the installer gives `address` to. Left out, build-isos.sh asks for it. */
  mac: z.string().optional(),
  /** The network card under `network.bridge`, where that is not the one of the installer. */
  bridgePort: z.string().optional(),
  disks: z.array(Disk),
});

/** A virtual machine: one node of the Kubernetes cluster. */
const Machine = z.strictObject({
  name: z.string(),
  role: z.enum(["control-plane", "worker"]),
  address,
  cores: z.number().int().positive(),
  memoryGiB: gib,
  diskGiB: gib,
  /** Proxmox VE's number for it, unique in the Proxmox cluster. */
  vmId: z.number().int().min(100).max(999_999_999),
  /** The server it is placed on; control planes must be on different ones. */
  server: z.string(),
});

const Network = z.strictObject({
  cidr,
  /** The default gateway of every machine. */
  gateway: address,
  nameServers: z.array(address).min(1),
  /** Name of each machine's network interface. */
  interface: z.string(),
  /** Proxmox VE's bridge that the machines are attached to. */
  bridge: z.string().default("vmbr0"),
  /** Addresses inside `cidr` that no machine may use, besides the gateway and the VIP. */
  reserved: z.array(address).default([]),
});

/** The one address in front of the API servers. */
const Api = z.strictObject({
  vip: address,
  /** Where HAProxy listens on the VIP. */
  port: z.number().int().min(1).max(65_535),
  /** Where each API server listens on its own machine. */
  backendPort: z.number().int().min(1).max(65_535).default(6443),
  /** A further name or address under which clients outside reach the API; goes into its certificate. */
  externalAddress: z.string().optional(),
});

/**
 * etcd's times for its own leader, in milliseconds. Its defaults are 100 and 1000; half of both, since a slow election would
 * outlast the VIP's lease. The ratio stays: followers wait a random number of heartbeats, and with five to choose from two
 * of them were seen to call an election at the same moment, again and again, for 5 s. Where an fsync takes tens of
 * milliseconds, allow more.
 */
const Etcd = z.strictObject({
  /** Between the leader's heartbeats: about a round trip. */
  heartbeatMs: milliseconds.default(50),
  /** A follower that hears nothing so long, or at random up to twice as long, calls an election. */
  electionMs: milliseconds.default(500),
});

const Kubernetes = z.strictObject({
  /** Exact: `1.36.3`. */
  version: z.string(),
  podNetwork: cidr,
  serviceNetwork: cidr.default("10.96.0.0/12"),
  ipv6: DualStack.optional(),
  dnsDomain: z.string().default("cluster.local"),
  etcd: Etcd.prefault({}),
});

/**
 * Times of the engine `lease`, in milliseconds. Measured on three machines with a term of 1100, renewals of 100 to 150 and
 * looks of 40: a holder that was powered off was replaced in 1.1 s, and no fault made two holders. Another takes over
 * within term, look and one write to etcd.
 */
const Lease = z.strictObject({
  /** Another takes over when the holder's key has not changed for so long; the kernel kills a late holder 200 ms before. */
  termMs: milliseconds.default(1000),
  /** Between the holder's renewals. */
  renewMs: milliseconds.default(100),
  /** Between two looks of a contender at the key: part of the time that a take-over takes. */
  pollMs: milliseconds.default(40),
});

/** Settings of the engine `keepalived`. */
const Keepalived = z.strictObject({
  /** Between the holder's advertisements, in milliseconds: three that are missing move the VIP. keepalived's default. */
  advertMs: milliseconds.default(1000),
  /** VRRP's virtual router, unique in the machines' network. */
  routerId: z.number().int().min(1).max(255).default(99),
});

/** How it is decided which control plane holds the VIP. */
const Vip = z.strictObject({
  /**
   * `lease`: etcd decides who, the kernel enforces until when: never two holders. `keepalived`: VRRP, which has two under a
   * one-way partition or with a frozen daemon. `heartbeat-classic`: the seed's way, made for two machines.
   */
  engine: z.enum(["lease", "keepalived", "heartbeat-classic"]).default("lease"),
  /** Take `heartbeat-classic` for more machines than it is made for, to compare with it. */
  force: z.boolean().default(false),
  /** The machine that holds the VIP when all is well. Default: the first control plane. */
  preferred: z.string().optional(),
  /** Whether the address moves back when the preferred holder returns: a second, short outage. */
  failback: z.boolean().default(false),
  lease: Lease.prefault({}),
  keepalived: Keepalived.prefault({}),
  fencing: VipFencing.optional(),
});

/** Times of Heartbeat, in milliseconds. */
const Heartbeat = z.strictObject({
  port: z.number().int().min(1).max(65_535).default(694),
  keepaliveMs: milliseconds.default(500),
  warnMs: milliseconds.default(1500),
  deadMs: milliseconds.default(3000),
  /** How long a starting daemon waits for its peers before it calls them dead. */
  initDeadMs: milliseconds.default(10_000),
});

const Ceph = z.strictObject({
  /** Of those that Proxmox VE 9 has packages for. */
  release: z.enum(["squid", "tentacle"]).default("tentacle"),
  /** Copies of every object. */
  size: z.number().int().positive().default(3),
  /** Copies that must be written before a write is acknowledged. */
  minSize: z.number().int().positive().default(2),
  /** The pool of the machines' disks. */
  vmPool: z.string().default("vm"),
  fileSystem: z.string().default("cephfs"),
  /** Share of the usable space that the machines' disks may take, 0 to 1: Ceph warns at 0.85 full. */
  maxFill: z.number().positive().max(1).default(0.8),
});

const Canal = z.strictObject({
  /** Calico's release that ships Canal, exact: `3.32.1`. */
  version: z.string(),
  flannelVersion: z.string(),
  /** UDP port of flannel's VXLAN. */
  vxlanPort: z.number().int().min(1).max(65_535).default(8472),
  /** MTU of the machines' interface; pods get 50 bytes less, for VXLAN. */
  interfaceMtu: z.number().int().min(1280).max(9216).default(1500),
});

export const SiteSchema = z.strictObject({
  /** Short, a DNS label: folder under dist/, prefix of the replica's containers. */
  name: z.string(),
  title: z.string(),
  debian: z.strictObject({ release: z.enum(["trixie"]) }),
  containerd: z.strictObject({ version: z.string() }),
  kubernetes: Kubernetes,
  network: Network,
  api: Api,
  vip: Vip.prefault({}),
  heartbeat: Heartbeat.prefault({}),
  servers: z.array(Server),
  proxmox: Proxmox.prefault({}),
  state: State.prefault({}),
  ceph: Ceph.prefault({}),
  machines: z.array(Machine),
  gateway: Gateway.prefault({}),
  canal: Canal,
  gitops: GitOps,
  health: Health.prefault({}),
  maintenance: Maintenance.prefault({}),
  storage: Storage.prefault({}),
  monitoring: Monitoring.prefault({}),
  pins: Pins.prefault({}),
});

/** What a person writes: defaults may be left out. */
export type SiteInput = z.input<typeof SiteSchema>;
/** What every renderer gets: validated, every default filled in. */
export type Site = z.output<typeof SiteSchema>;
export type Machine = Site["machines"][number];
export type Server = Site["servers"][number];
export type Engine = Site["vip"]["engine"];
export type Disk = Server["disks"][number];
export type Maintenance = Site["maintenance"];
