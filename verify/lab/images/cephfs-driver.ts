import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CacheProps, compileModule, filling } from "./compile-module.ts";
import { extraArchives } from "./extra-images.ts";
import type { Workshop } from "./workshop.ts";

/** An image for a machine's containerd. */
export interface ClusterImage {
  /** What the cluster calls it. */
  readonly name: string;
  /** On the host, for `ctr -n k8s.io images import`. */
  readonly archive: string;
}

/** What mounts CephFS for the pods of a machine. */
export type CephfsDriver =
  /** ceph-csi itself. */
  | { readonly plugin: ClusterImage; readonly registrar: ClusterImage }
  /** Where its images are out of reach: the program, on the host, that speaks CSI in its place. */
  | { readonly standIn: string };

/**
 * What ceph-csi's operator starts on each machine, in the release that the cluster's files are rendered for. No registry answered
 * where this was written: in their place ran, once, a build of ceph-csi 3.12.2 and of the registrar.
 */
const pluginImage = "quay.io/cephcsi/cephcsi:v3.17.0";
const registrarImage = "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.17.0";

/** The stand-in's Go module. */
const standInModule = fileURLToPath(new URL("../ceph/node-plugin", import.meta.url));
const standInProgram = "node-plugin";

/** Has what mounts CephFS in the cache: ceph-csi where registries answer, its stand-in elsewhere, and says which. */
export async function ensureCephfsDriver(props: CacheProps, workshop: Workshop): Promise<CephfsDriver> {
  const pulled = await filling(workshop, () => extraArchives(workshop, [pluginImage, registrarImage]));
  const [plugin, registrar] = pulled ?? [];
  if (plugin !== undefined && registrar !== undefined)
    return {
      plugin: { name: pluginImage, archive: plugin.path },
      registrar: { name: registrarImage, archive: registrar.path },
    };
  const folder = await compileModule({
    ...props,
    ...{ name: "stand-in-for-ceph-csi", version: "1", module: standInModule, env: { CGO_ENABLED: "0" } },
    argv: ["go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-o", `/out/${standInProgram}`, "."],
  });
  return { standIn: join(folder, standInProgram) };
}
