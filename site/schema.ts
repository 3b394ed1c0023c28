import { z } from "zod";

/** A size of memory or disk in GiB (2^30 bytes). */
const gib = z.number().int().positive();
const address = z.string();
const cidr = z.string();

const Disk = z.strictObject({
  /** TiB (2^40 bytes), as the seed counts. */
  sizeTiB: z.number().positive(),
  /** `zfs`: member of the server's system mirror; `ceph`: one OSD. */
  use: z.enum(["zfs", "ceph"]),
});

/** A physical Proxmox VE server. */
const Server = z.strictObject({
  name: z.string(),
  cores: z.number().int().positive(),
  memoryGiB: gib,
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

const Kubernetes = z.strictObject({
  /** Exact: `1.36.3`. */
  version: z.string(),
  podNetwork: cidr,
  serviceNetwork: cidr.default("10.96.0.0/12"),
  dnsDomain: z.string().default("cluster.local"),
});

/** Times of the daemon that moves the VIP, in milliseconds. */
const Heartbeat = z.strictObject({
  port: z.number().int().min(1).max(65_535).default(694),
  keepaliveMs: z.number().int().positive().default(500),
  warnMs: z.number().int().positive().default(1500),
  deadMs: z.number().int().positive().default(3000),
  /** How long a starting daemon waits for its peers before it calls them dead. */
  initDeadMs: z.number().int().positive().default(10_000),
  /** The machine that holds the VIP when all is well. Default: the first control plane. */
  preferred: z.string().optional(),
});

const Ceph = z.strictObject({
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

/** Where Flux syncs the rendered cluster folder from. */
const GitOps = z.strictObject({
  url: z.string(),
  branch: z.string().default("main"),
  /** Folder that holds the sites. */
  path: z.string().default("dist"),
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
  heartbeat: Heartbeat.prefault({}),
  servers: z.array(Server),
  ceph: Ceph.prefault({}),
  machines: z.array(Machine),
  canal: Canal,
  gitops: GitOps,
});

/** What a person writes: defaults may be left out. */
export type SiteInput = z.input<typeof SiteSchema>;
/** What every renderer gets: validated, every default filled in. */
export type Site = z.output<typeof SiteSchema>;
export type Machine = Site["machines"][number];
export type Server = Site["servers"][number];
export type Disk = Server["disks"][number];
