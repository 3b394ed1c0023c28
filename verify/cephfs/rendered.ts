import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { parse } from "yaml";

/** What the site's cluster folder says about CephFS, as far as a driver and a volume of a given path need it. */
export interface RenderedCephfs {
  /** What volumes call their driver. */
  readonly driver: string;
  /** Of the driver, and of the Secret with Ceph's key. */
  readonly namespace: string;
  readonly secret: string;
  readonly clusterId: string;
  /** ceph-csi's config.json, as its operator makes it of the CephConnection and the ClientProfile. */
  readonly configuration: string;
}

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly monitors?: readonly string[];
    readonly cephFs?: {
      readonly subVolumeGroup?: string;
      readonly kernelMountOptions?: Readonly<Record<string, string>>;
    };
  };
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Reads it where Flux would.
 * @param dist the folder `dist/<site>`
 * @throws Failure when the site was rendered without CephFS
 */
export async function renderedCephfs(dist: string): Promise<RenderedCephfs> {
  const folder = join(dist, "cluster", "storage");
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".yaml"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return cephfsOf(texts.map((text) => parse(text) as Rendered));
}

/** Pure. */
export function cephfsOf(objects: readonly Rendered[]): RenderedCephfs {
  const one = (kind: string): Rendered => {
    const found = objects.find((object) => object.kind === kind);
    if (found !== undefined) return found;
    throw new Failure({
      what: `The rendered cluster has no ${kind}, so nothing says how its pods reach CephFS.`,
      remedy: "Describe storage.cephfs in the site and run `./molly synth`.",
    });
  };
  const [driver, connection, profile, snapshots] = [
    one("Driver"),
    one("CephConnection"),
    one("ClientProfile"),
    one("VolumeSnapshotClass"),
  ];
  const { subVolumeGroup, kernelMountOptions = {} } = profile.spec.cephFs ?? {};
  const options = Object.entries(kernelMountOptions).map(([name, value]) => `${name}=${value}`);
  const cluster = {
    clusterID: profile.metadata.name,
    monitors: connection.spec.monitors ?? [],
    cephFS: { subvolumeGroup: subVolumeGroup, kernelMountOptions: options.join(","), fuseMountOptions: "" },
  };
  return {
    driver: driver.metadata.name,
    namespace: driver.metadata.namespace ?? "",
    // All of Ceph's steps are given the same one.
    secret: snapshots.parameters?.["csi.storage.k8s.io/snapshotter-secret-name"] ?? "",
    clusterId: profile.metadata.name,
    configuration: JSON.stringify([cluster]),
  };
}
