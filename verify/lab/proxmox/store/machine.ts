import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { died } from "./api-error.ts";

/** Options of a virtual machine as they stand in its configuration file: `cores` → `2`. */
export type Config = Readonly<Record<string, string>>;

/** Takes effect on a running machine at once: `$fast_plug_option` and all of cloud-init's in qemu-server. */
const atOnce = new Set([
  "description", "hookscript", "lock", "migrate_downtime", "migrate_speed", "name", "onboot", "protection", "shares",
  "startup", "tags", "vmstatestorage",
  "cicustom", "cipassword", "citype", "ciuser", "ciupgrade", "nameserver", "searchdomain", "sshkeys",
]); // prettier-ignore

/** Hotplugged by default (`hotplug: network,disk,usb`), besides what takes effect anyway. */
const hotplugged = /^(?:net|scsi|ipconfig|usb|unused)\d+$/;

/** How long a second piece of work on a machine waits for the first: flock's time in PVE::AbstractConfig. */
const lockMs = 10_000;

/** A virtual machine of the cluster: what `/etc/pve/nodes/<server>/qemu-server/<vmid>.conf` holds. */
export class VirtualMachine {
  readonly vmid: number;
  server: string;
  /** What it runs with, or will when it is started. */
  config: Config = {};
  /** What it will have after its next start; `undefined` removes an option. */
  pending: Readonly<Record<string, string | undefined>> = {};
  /** Milliseconds since 1970. */
  startedAt = 0;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(vmid: number, server: string) {
    this.vmid = vmid;
    this.server = server;
  }

  /** As `GET …/config` shows it: with what is pending. */
  get wanted(): Config {
    return merged(this.config, this.pending);
  }

  /** SHA-1 of the configuration file: tells whether somebody changed it meanwhile. */
  get digest(): string {
    const lines = (config: Readonly<Record<string, string | undefined>>): string[] =>
      Object.entries(config).map(([key, value]) => `${key}: ${value ?? "delete"}`);
    return createHash("sha1")
      .update([...lines(this.config).sort(), "[PENDING]", ...lines(this.pending).sort()].join("\n"))
      .digest("hex");
  }

  /** @throws ApiError while other work holds the machine's lock, in Proxmox VE's words */
  checkLock(): void {
    const { lock } = this.config;
    if (lock !== undefined) throw died(`VM is locked (${lock})`);
  }

  /** Writes changes; on a running machine what can't be plugged waits for its next start. */
  change(changes: Readonly<Record<string, string | undefined>>, running: boolean): void {
    for (const [key, value] of Object.entries(changes)) {
      const now = !running || atOnce.has(key) || hotplugged.test(key);
      if (now) {
        this.config = merged(this.config, { [key]: value });
        this.pending = Object.fromEntries(Object.entries(this.pending).filter(([name]) => name !== key));
      } else if (this.config[key] === value)
        this.pending = Object.fromEntries(Object.entries(this.pending).filter(([name]) => name !== key));
      else this.pending = { ...this.pending, [key]: value };
    }
  }

  /** What waited becomes so: at every start and stop. */
  applyPending(): void {
    this.config = this.wanted;
    this.pending = {};
  }

  /** Work on one machine is done one after another. @throws ApiError when it would have to wait too long */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const before = this.tail;
    const { promise: done, resolve: release } = Promise.withResolvers<void>();
    this.tail = before.then(() => done);
    const late = new AbortController();
    const inTime = await Promise.race([
      before.then(() => true),
      pause(lockMs, false, { signal: late.signal }).catch(() => false),
    ]);
    late.abort();
    try {
      if (!inTime) throw died(`can't lock file '/var/lock/qemu-server/lock-${this.vmid}.conf' - got timeout`);
      return await work();
    } finally {
      release();
    }
  }
}

const merged = (config: Config, changes: Readonly<Record<string, string | undefined>>): Config =>
  Object.fromEntries(
    Object.entries({ ...config, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
