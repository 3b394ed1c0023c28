import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { attempt, run } from "../process.ts";
import { debianBase } from "./base-image.ts";
import { type CacheProps, filling, workshopOf } from "./compile-module.ts";
import { compiler, removeCompileCache } from "./compiler.ts";
import { containerArchive } from "./container-archive.ts";
import { type ContainerImage, containerImages, kustomizeController } from "./container-images.ts";
import { contentHash } from "./content-hash.ts";
import { borrowingName } from "./engine-images.ts";
import { kubeadmImages, upstreamName } from "./kubeadm-images.ts";
import { nodeImage } from "./node-image.ts";
import { type Had, obtain } from "./obtain.ts";
import { packagesImage } from "./packages-image.ts";
import { programs } from "./programs.ts";
import type { Workshop } from "./workshop.ts";

/** What Flux is tried out with, without a replica: a control plane's programs, and Flux's own. */
export interface FluxPrograms {
  /** Image of a node, in the engine: it has kubectl and kubeadm. */
  readonly node: string;
  /** Folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kustomize-controller. */
  readonly folder: string;
}

const ofControlPlane = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/**
 * Takes the programs out of the images that a replica runs, and out of kustomize-controller's: pulled where a registry
 * answers, compiled elsewhere, kept by content hash.
 * @throws Failure when one can be had in no way.
 */
export async function ensureFluxPrograms(props: CacheProps): Promise<FluxPrograms> {
  const workshop = await workshopOf(props);
  return filling(workshop, async () => {
    const base = await debianBase(workshop);
    const builder = await packagesImage(workshop, "builder", base);
    const have = programs(workshop, compiler(workshop, builder));
    const netBase = await packagesImage(workshop, "net-base", base);
    const printed = await kubeadmImages(workshop, await have.ofNode("kubernetes"), base);
    const images = [
      ...containerImages(props.versions).filter(({ name }) => ofControlPlane.includes(name)),
      kustomizeController(props.versions),
    ];
    const archives: ImageArchive[] = [];
    for (const image of images) {
      const upstream = upstreamName(image, printed);
      archives.push({
        image,
        upstream,
        had: await containerArchive(workshop, { image, upstream, programs: have, netBase }),
      });
    }
    const { path: folder } = await takenOut(workshop, archives);
    const node = await nodeImage(workshop, await packagesImage(workshop, "node-packages", base), have);
    await removeCompileCache(workshop);
    await attempt("docker", ["rmi", builder.tag]);
    return { node: node.tag, folder };
  });
}

interface ImageArchive {
  readonly image: ContainerImage;
  readonly upstream: string;
  readonly had: Had;
}

/** One folder with the programs of several images. */
const takenOut = (workshop: Workshop, archives: readonly ImageArchive[]): Promise<Had> =>
  obtain(workshop, {
    ...{ name: "programs-of-images", version: workshop.versions.kubernetes, extension: "", assembled: true },
    ways: [
      {
        how: "built",
        hash: contentHash(...archives.flatMap(({ upstream, had }) => [upstream, had.hash])),
        make: async (target, say) => {
          await mkdir(target);
          for (const archive of archives) {
            say(archive.upstream);
            await takeOut(workshop, archive, target);
          }
        },
      },
    ],
  });

const takeOut = ({ signal }: Workshop, { image, upstream, had }: ImageArchive, target: string): Promise<void> =>
  borrowingName(upstream, async () => {
    await run("docker", ["load", "--input", had.path], { signal });
    // The command is never run: an image without one can't be made a container of otherwise.
    const container = (await run("docker", ["create", upstream, "none"], { signal })).trim();
    try {
      for (const path of Object.values(image.programs))
        await run("docker", ["cp", `${container}:${path}`, join(target, basename(path))], { signal });
    } finally {
      await attempt("docker", ["rm", container]);
    }
  });
