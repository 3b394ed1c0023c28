import { withScratch } from "./cache.ts";
import { contentHash } from "./content-hash.ts";
import { buildImage, imageId } from "./engine-images.ts";
import type { BaseImage } from "./base-image.ts";
import { dockerfile } from "./dockerfiles.ts";
import { once } from "./once.ts";
import { reportStep, type Workshop } from "./workshop.ts";

/** An image that is a base and some Debian packages: kept in the engine only, made when something is built on it. */
export async function packagesImage(workshop: Workshop, name: string, base: BaseImage): Promise<BaseImage> {
  const { path, text } = await dockerfile(name);
  const hash = contentHash(text, base.hash);
  const tag = `molly/${name}:${hash.slice(0, 12)}`;
  const load = once(async () => {
    if ((await imageId(tag)) !== undefined) return tag;
    await reportStep(workshop, `debian packages: ${name}`, async (say) => {
      const buildArgs = { BASE: await base.load() };
      // Nothing is copied in: an empty folder keeps the build context small.
      await withScratch(workshop.cacheDir, (context) =>
        buildImage({ tag, dockerfile: path, context, buildArgs, signal: workshop.signal, onLine: say }),
      );
    });
    return tag;
  });
  return { hash, tag, load };
}
