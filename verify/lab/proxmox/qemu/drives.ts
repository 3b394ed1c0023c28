import { died, wrongParameters } from "../store/api-error.ts";
import type { Caller } from "../store/access.ts";
import type { Cluster } from "../store/cluster.ts";
import { parseVolumeId } from "../store/storage.ts";
import { parseDrive, printProperties, printSize, type PropertyString } from "./property-string.ts";
import { virtualSize } from "./qcow2.ts";

export const isDrive = (option: string): boolean => /^(?:scsi|virtio|sata|ide|efidisk|tpmstate)\d+$/.test(option);

/** `vm:64`: a new disk of so many GiB. */
const newDisk = /^([^/:\s]+):(\d+(?:\.\d+)?)$/;
const cloudInitBytes = 4 * 2 ** 20;

export const isCloudInit = ({ first }: PropertyString): boolean => /^[^:]+:(?:vm-\d+-)?cloudinit$/.test(first ?? "");

export interface DriveProps {
  readonly cluster: Cluster;
  readonly node: string;
  readonly vmid: number;
}

/** What of a drive needs a privilege on a storage: qemu-server's `$check_storage_access`. */
export function checkDriveAccess({ cluster }: DriveProps, caller: Caller, option: string, text: string): void {
  const drive = parseDrive(text);
  const { access } = cluster;
  const [, storage] = newDisk.exec(drive.first ?? "") ?? [];
  if (storage !== undefined) {
    access.require(caller, `/storage/${storage}`, "Datastore.AllocateSpace");
    if (!cluster.storage(storage).content.includes("images"))
      throw wrongParameters({ storage: `storage '${storage}' does not support vm images` });
  }
  const source = parseVolumeId(drive.properties.get("import-from") ?? "");
  if (source === undefined) return;
  if (!/^(images|import)\//.test(source.name) && !cluster.volumes.has(`${source.storage}:${source.name}`))
    throw wrongParameters({
      [option]: `${source.storage}:${source.name} has wrong type - needs to be 'images' or 'import'`,
    });
  if (!access.has(caller, `/storage/${source.storage}`, "Datastore.Allocate"))
    access.requireAny(caller, `/storage/${source.storage}`, "Datastore.AllocateSpace", "Datastore.Audit");
}

/** The drive as it stands in the configuration afterwards; a disk or cloud-init drive that is new is made. */
export async function makeDrive(props: DriveProps, option: string, text: string): Promise<string> {
  const drive = parseDrive(text);
  if (isCloudInit(drive)) return cloudInitDrive(props, drive);
  const [, storage, gib] = newDisk.exec(drive.first ?? "") ?? [];
  if (storage === undefined) {
    const known = props.cluster.volumes.get(drive.first ?? "");
    return known === undefined ? text : withSize(known.volid, known.bytes, drive);
  }
  const bytes = await firstSize(props, option, drive, Number(gib));
  const volid = freeVolume(props, storage);
  props.cluster.volumes.set(volid, { volid, vmid: props.vmid, bytes });
  return withSize(volid, bytes, drive);
}

function cloudInitDrive({ cluster, vmid }: DriveProps, { first = "", properties }: PropertyString): string {
  const volid = `${first.split(":")[0]}:vm-${vmid}-cloudinit`;
  cluster.volumes.set(volid, { volid, vmid, bytes: cloudInitBytes });
  const rest = [...properties].filter(([name]) => name !== "format");
  return printProperties({ first: volid, properties: new Map([...rest, ["media", "cdrom"]]) });
}

async function firstSize(
  { cluster, node }: DriveProps,
  option: string,
  drive: PropertyString,
  gib: number,
): Promise<number> {
  const source = drive.properties.get("import-from");
  if (source === undefined) {
    if (gib === 0) throw wrongParameters({ [option]: "unable to create disk of size 0" });
    return gib * 2 ** 30;
  }
  const image = cluster.fileOf(node, source);
  return virtualSize(image, await cluster.machinery.files.head(node, image, 32));
}

const withSize = (volid: string, bytes: number, { properties }: PropertyString): string =>
  printProperties({
    first: volid,
    properties: new Map([
      ...[...properties].filter(([name]) => !["import-from", "format", "size"].includes(name)),
      ["size", printSize(bytes)],
    ]),
  });

function freeVolume({ cluster, vmid }: DriveProps, storage: string): string {
  for (let number = 0; ; number++) {
    const volid = `${storage}:vm-${vmid}-disk-${number}`;
    if (!cluster.volumes.has(volid)) return volid;
  }
}

/** The volume that an option of a machine names, for growing it. @throws ApiError when there is no such disk */
export function diskOf({ cluster }: DriveProps, option: string, text: string | undefined) {
  if (text === undefined) throw died(`disk '${option}' does not exist`);
  const drive = parseDrive(text);
  if (drive.properties.get("media") === "cdrom") throw died("you can't resize a cdrom");
  const volume = cluster.volumes.get(drive.first ?? "");
  if (volume === undefined) throw died(`disk '${option}' has no associated volume`);
  return { volume, grown: (bytes: number) => withSize(volume.volid, bytes, drive) };
}
