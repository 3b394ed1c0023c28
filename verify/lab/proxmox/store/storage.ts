/** A storage as storage.cfg describes it. */
export interface Storage {
  readonly storage: string;
  readonly type: "cephfs" | "dir" | "rbd" | "zfspool";
  /** What may be kept there: images, rootdir, import, snippets, iso, … */
  content: readonly string[];
  /** Folder on every server, of those that keep files. */
  readonly path?: string;
  /** Ceph's pool, or ZFS's. */
  readonly pool?: string;
  readonly shared: boolean;
  /** The servers that have it; undefined: all. */
  readonly nodes?: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** A disk of a virtual machine, or its cloud-init drive. */
export interface Volume {
  readonly volid: string;
  readonly vmid: number;
  bytes: number;
}

/** Where a storage keeps files of a kind, below its path: PVE::Storage::Plugin's `$vtype_subdirs`. */
export const folderOf = {
  iso: "template/iso",
  vztmpl: "template/cache",
  backup: "dump",
  snippets: "snippets",
  import: "import",
} as const;

export type FileContent = keyof typeof folderOf;

export const isFileContent = (content: string): content is FileContent => content in folderOf;

/** `cephfs:import/debian.qcow2` → `{ storage: "cephfs", name: "import/debian.qcow2" }`. */
export function parseVolumeId(volid: string): { readonly storage: string; readonly name: string } | undefined {
  const [, storage, name] = /^([a-z][a-z0-9_.-]*):(.+)$/i.exec(volid) ?? [];
  return storage === undefined || name === undefined ? undefined : { storage, name };
}
