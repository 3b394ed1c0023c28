import type { Site } from "@molly/site";

/** Where Kubernetes' driver makes volumes, below the file system's `/volumes`. Without `storage.cephfs`: ceph-csi's own default. */
export const subvolumeGroup = ({ storage: { cephfs } }: Site): string => cephfs?.subvolumeGroup ?? "csi";

/**
 * The static volumes' folders and what the driver's key may do in each, as `molly-ceph.sh` takes them: `/shared/photos=rw`,
 * `/shared/charts=r`. A folder once, whatever the number of its claims: all of them are mounted with the one key.
 */
export function staticFolders({ storage: { cephfs } }: Site): string {
  const volumes = cephfs?.volumes ?? [];
  const folders = [...new Set(volumes.map(({ path }) => path))].toSorted();
  const isWritten = (folder: string): boolean => volumes.some(({ path, readOnly }) => path === folder && !readOnly);
  return folders.map((folder) => `${folder}=${isWritten(folder) ? "rw" : "r"}`).join(" ");
}
