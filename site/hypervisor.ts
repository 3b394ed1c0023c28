import type { Disk, Server } from "./schema.ts";

/** Proxmox VE, "System Requirements": "Memory: minimum 2 GB for the OS and Proxmox VE services". */
const systemGiB = 2;

/** Same place: ZFS needs "approximately 1 GB of memory for every TB of used storage". A mirror stores one disk's worth. */
const zfsGiBPerTiB = 1;

/** Ceph's default `osd_memory_target`: 4 GiB for each OSD. */
const osdGiB = 4;

export const disksFor = ({ disks }: Pick<Server, "disks">, use: Disk["use"]): Disk[] =>
  disks.filter((disk) => disk.use === use);

/** GiB of a server's memory that its machines can't have: the system, ZFS's cache, and an OSD daemon for each Ceph disk. */
export function reservedMemoryGiB(server: Pick<Server, "disks">): number {
  const mirrorTiB = Math.max(0, ...disksFor(server, "zfs").map(({ sizeTiB }) => sizeTiB));
  return systemGiB + zfsGiBPerTiB * mirrorTiB + osdGiB * disksFor(server, "ceph").length;
}

/** The bridge that Proxmox VE's installer makes, on the network card that it gives the server's address to. */
export const installerBridge = "vmbr0";

/** The installer sets no MTU: Linux's default for Ethernet. */
export const installerMtu = 1500;
