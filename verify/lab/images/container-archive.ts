import { link, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BaseImage } from "./base-image.ts";
import { withScratch } from "./cache.ts";
import { containerDockerfile, type ContainerImage } from "./container-images.ts";
import { contentHash } from "./content-hash.ts";
import { buildImage, pullImageTo, saveImageAs } from "./engine-images.ts";
import { checkTag } from "./kubeadm-images.ts";
import { type Had, obtain, type Way } from "./obtain.ts";
import type { Programs } from "./programs.ts";
import { pullReference, registryUrl } from "./registry.ts";
import { attempt } from "../process.ts";
import type { Workshop } from "./workshop.ts";

export interface ArchiveProps {
  readonly image: ContainerImage;
  /** The name that the cluster looks for. */
  readonly upstream: string;
  readonly programs: Programs;
  /** What images that need tools are built on. */
  readonly netBase: BaseImage;
}

/** The archive of an image: upstream's own, or one with the same programs, compiled here, under the same name. */
export const containerArchive = async (workshop: Workshop, props: ArchiveProps): Promise<Had> =>
  obtain(workshop, {
    name: `image-${props.image.name}`,
    version: props.upstream,
    extension: ".tar",
    ways: [pulledImageWay(workshop, props.upstream), await builtWay(workshop, props)],
  });

export function pulledImageWay(workshop: Workshop, upstream: string): Way {
  const reference = pullReference(workshop, upstream);
  return {
    how: "pulled",
    hash: contentHash("pull", upstream, workshop.architecture),
    from: registryUrl(reference),
    make: (target) => pullImageTo(reference, upstream, target, workshop),
  };
}

async function builtWay(workshop: Workshop, { image, upstream, programs, netBase }: ArchiveProps): Promise<Way> {
  const based = image.base === "net-base";
  const recipe = containerDockerfile(image, based ? netBase.hash : "scratch");
  const hash = contentHash("build", upstream, recipe, await programs.compiledHash(image.module));
  return {
    how: "built",
    hash,
    make: async (target, say) => {
      checkTag(image, upstream);
      const compiled = await programs.compiled(image.module);
      const base = based ? await netBase.load() : "scratch";
      const tag = `molly/${image.name}:${hash.slice(0, 12)}`;
      await withScratch(workshop.cacheDir, async (context) => {
        for (const program of Object.keys(image.programs))
          await link(join(compiled.path, program), join(context, program));
        const dockerfile = join(context, "Dockerfile");
        await writeFile(dockerfile, containerDockerfile(image, base));
        await buildImage({ tag, dockerfile, context, signal: workshop.signal, onLine: say });
      });
      await saveImageAs(tag, upstream, target, workshop);
      await attempt("docker", ["rmi", tag]); // the archive is what is used
    },
  };
}
