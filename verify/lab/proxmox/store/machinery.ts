/**
 * What a Proxmox VE cluster stands on and this replica's model does not contain. In the tests of the API alone these
 * are a few lines in memory; in the replica they are containers and Ceph's own daemons.
 */
export interface Machinery {
  readonly hypervisor: Hypervisor;
  readonly ceph: CephPools;
  readonly files: ServerFiles;
}

/** The files that cloud-init reads at boot: NoCloud's. */
export interface CloudInitSeed {
  readonly "user-data": string;
  readonly "meta-data": string;
  readonly "network-config": string;
  readonly "vendor-data": string;
}

/** A virtual machine as it is powered on. */
export interface PoweredMachine {
  readonly vmid: number;
  readonly name: string;
  readonly cores: number;
  readonly memoryMiB: number;
  /** Of the first network device, in capitals. */
  readonly mac: string | undefined;
  readonly seed: CloudInitSeed;
}

/** An interface as the guest agent tells it. */
export interface GuestInterface {
  readonly "name": string;
  readonly "hardware-address": string;
  readonly "ip-addresses": readonly {
    readonly "ip-address": string;
    readonly "ip-address-type": "ipv4" | "ipv6";
    readonly "prefix": number;
  }[];
}

/** Powers virtual machines. Who calls sees to it that nothing happens to one machine twice at a time. */
export interface Hypervisor {
  isRunning(vmid: number): Promise<boolean>;
  /** Ends when the machine runs its first programs, not when it has booted. Its disk is as it was left. */
  start(machine: PoweredMachine, log: (line: string) => void): Promise<void>;
  /** Asks the machine to shut down, and waits. @throws Error when it does not within the time */
  shutdown(vmid: number, timeoutMs: number): Promise<void>;
  /** Cuts the power. */
  stop(vmid: number): Promise<void>;
  /** Removes the disk too. Harmless when there is none. */
  destroy(vmid: number): Promise<void>;
  /** What the guest agent says; undefined while it is silent. */
  interfaces(vmid: number): Promise<readonly GuestInterface[] | undefined>;
}

/** A pool as Ceph's `osd pool get … all` and `osd pool application get` tell it. */
export interface Pool {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly min_size: number;
  readonly pg_num: number;
  readonly crush_rule: string;
  readonly pg_autoscale_mode: string;
  readonly application: string;
}

/** What of a pool can be set; `application` once. */
export type PoolSettings = Partial<Omit<Pool, "id" | "name">>;

/** Ceph's pools, asked through a server that has an administrator's key. */
export interface CephPools {
  /** @throws Error while Ceph was not initialised, or when its monitors don't answer */
  list(server: string): Promise<readonly Pool[]>;
  create(server: string, name: string, settings: PoolSettings): Promise<void>;
  set(server: string, name: string, settings: PoolSettings): Promise<void>;
  destroy(server: string, name: string): Promise<void>;
}

export interface FileEntry {
  readonly name: string;
  readonly bytes: number;
}

/** Files on a server. */
export interface ServerFiles {
  /** Files in a folder, sorted by name; none when there is no such folder. */
  list(server: string, folder: string): Promise<readonly FileEntry[]>;
  /** @throws Error when there is no such file */
  read(server: string, path: string): Promise<Buffer>;
  /** The first bytes of a file. */
  head(server: string, path: string, bytes: number): Promise<Buffer>;
  /** Fetches a URL into a file, which appears only when it is whole and its checksum is right. */
  download(server: string, request: Download): Promise<void>;
  remove(server: string, path: string): Promise<void>;
  /** Size and type of what a URL names, without fetching it. */
  describe(server: string, url: string): Promise<{ readonly bytes: number; readonly mimetype: string }>;
}

export interface Download {
  readonly url: string;
  readonly path: string;
  /** Algorithm in Node's words (`sha512`) and what the bytes must hash to, in hexadecimal digits. */
  readonly checksum?: { readonly algorithm: string; readonly value: string };
}
