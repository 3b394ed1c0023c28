import type { BaseImage } from "./base-image.ts";
import { loadImage, saveImage } from "./engine-images.ts";
import { type Had, obtain } from "./obtain.ts";
import type { Workshop } from "./workshop.ts";

/** The image of the prober, in the engine and in the cache. */
export async function proberImage(
  workshop: Workshop,
  packages: BaseImage,
): Promise<{ readonly tag: string; readonly had: Had }> {
  const tag = `molly/prober:${packages.hash.slice(0, 12)}`;
  const had = await obtain(workshop, {
    name: "prober",
    version: workshop.versions.debian,
    extension: ".tar",
    assembled: true,
    ways: [
      { how: "built", hash: packages.hash, make: async (target) => saveImage(await packages.load(), target, workshop) },
    ],
  });
  await loadImage(tag, had.path, workshop);
  return { tag, had };
}
