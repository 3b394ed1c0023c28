import { Failure } from "@molly/site";
import { clientName, cephServers } from "../lab/ceph/servers.ts";
import type { Target } from "../target.ts";
import { askCeph } from "./ceph.ts";

/** A volume as ceph-csi would make it: a subvolume of the site's group, with a quota. */
export interface Volume {
  readonly name: string;
  /** From the file system's root. */
  readonly path: string;
  /** Its quota. */
  readonly sizeMiB: number;
}

/** Where the servers keep the driver's key while they speak as the driver. */
const keyFile = "/run/molly-cephfs.keyring";

/**
 * Makes a volume in the driver's own name and with its own rights, as molly-ceph.sh gave them.
 * @param sizeMiB its quota
 */
export async function makeVolume(target: Target, name: string, sizeMiB: number): Promise<Volume> {
  const words = [fileSystem(target), name, "--group_name", subvolumeGroup(target)];
  const bytes = String(sizeMiB * 1024 ** 2);
  await askAsDriver(target, "fs", "subvolume", "create", ...words, "--size", bytes, "--mode", "0777");
  return { name, sizeMiB, path: (await askAsDriver(target, "fs", "subvolume", "getpath", ...words)).trim() };
}

/** Harmless when it is gone. */
export const removeVolume = async (target: Target, { name }: Pick<Volume, "name">): Promise<void> =>
  void (await askAsDriver(
    target,
    ...["fs", "subvolume", "rm", fileSystem(target), name, "--group_name", subvolumeGroup(target), "--force"],
  ));

/** The driver's key, as a keyring. */
export const driversKeyring = (target: Target): Promise<string> => askCeph(target, "auth", "get", clientName);

const fileSystem = ({ site }: Target): string => site.ceph.fileSystem;

function subvolumeGroup({ site }: Target): string {
  if (site.storage.cephfs !== undefined) return site.storage.cephfs.subvolumeGroup;
  throw new Failure({ what: `Site '${site.name}' has no storage.cephfs.`, remedy: "Describe it.", badInput: true });
}

async function askAsDriver(target: Target, ...words: readonly string[]): Promise<string> {
  const keyring = await driversKeyring(target);
  for (const { name } of cephServers(target.site).monitors) {
    const keep = `umask 077 && cat >${keyFile}`;
    await target.run(name, ["sh", "-c", keep], { stdin: keyring });
  }
  return askCeph(target, "--name", clientName, "--keyring", keyFile, ...words);
}
