import { z } from "zod";

/** A StorageClass: what a claim may ask for by name. */
const StorageClass = z.strictObject({
  name: z.string(),
  /** Default: the site's `ceph.fileSystem`. */
  fileSystem: z.string().optional(),
  /** Whether it serves claims that name none; at most one may. */
  default: z.boolean().default(false),
});

/**
 * A folder that exists already, given to one claim: nothing is made for it, and nothing is deleted. Whoever has the data makes
 * it before the first pod mounts it; the stack `ceph` gives the driver's key its rights there. See docs/storage.md.
 */
const StaticVolume = z.strictObject({
  /** Of the PersistentVolume. */
  name: z.string(),
  /** From the file system's root: `/shared/photos`. It stands in Ceph's rights, which know no other signs than these: `A-Za-z0-9_.-/`. */
  path: z.string(),
  /** GiB (2^30 bytes) that the claim may ask for; CephFS enforces it only where the folder has a quota of its own. */
  sizeGiB: z.number().int().positive(),
  /** The only claim that gets it. */
  namespace: z.string(),
  claim: z.string(),
  /** The key itself may only read there, unless another volume of the same folder, or of one around it, may write. */
  readOnly: z.boolean().default(false),
});

const CephFs = z.strictObject({
  /** Addresses of Ceph's monitors; pods reach them on port 3300, Ceph's second protocol. */
  monitors: z.array(z.string()).min(1),
  /** What protects data on the wire: `crc` against damage, `secure` against readers too, at the price of AES on both ends. */
  transport: z.enum(["crc", "secure"]).default("secure"),
  /**
   * Dynamic volumes are made in it; the stack `ceph` makes the group and gives the driver's key its rights there, and none in
   * any other: to change it on a cluster that has volumes already cuts them off.
   */
  subvolumeGroup: z.string().default("csi"),
  classes: z.array(StorageClass).default([{ name: "cephfs", default: true }]),
  volumes: z.array(StaticVolume).default([]),
});

/** How secrets reach the cluster; what is rendered refers to them and never holds one. */
const Secrets = z.strictObject({
  /** `sops`: sealed files in this repository, opened by Flux. `external-secrets`: fetched from a store that the cluster knows. */
  from: z.enum(["sops", "external-secrets"]).default("sops"),
  /** With `sops`: folder that holds a folder a site, beside the rendered one. */
  path: z.string().default("sealed"),
  /** With `external-secrets`: the ClusterSecretStore to ask. */
  store: z.string().optional(),
  /** With `external-secrets`: where the store keeps this site's secrets. Default: the site's name. */
  prefix: z.string().optional(),
});

export const Storage = z.strictObject({
  /** Without it, nothing of CephFS is rendered. */
  cephfs: CephFs.optional(),
  secrets: Secrets.prefault({}),
});
