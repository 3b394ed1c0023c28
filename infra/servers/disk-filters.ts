/** A pattern for one of udev's properties, by which Proxmox VE's installer chooses disks. */
export type DiskFilter = readonly [property: "DEVLINKS" | "ID_SERIAL", pattern: string];

/**
 * Finds exactly the mirror's two disks. The installer takes one pattern a property and no alternatives in it, so each disk
 * is found by another property: the first by its name in `/dev/disk/by-id`, the second by the serial number in that name
 * (udev, 60-persistent-storage.rules: `$ID_BUS-$ID_SERIAL`; NVMe's may end in the number of a namespace).
 */
export const diskFilters = (first: string, secondSerial: string): DiskFilter[] => [
  ["DEVLINKS", `*/disk/by-id/${first}*`],
  ["ID_SERIAL", `${secondSerial}*`],
];

/** `MODEL_SERIAL` of `ata-MODEL_SERIAL`. */
export const serialOf = (id: string): string => id.slice(id.indexOf("-") + 1);
