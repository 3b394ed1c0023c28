import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { contentHash } from "./content-hash.ts";
import { attempt, run } from "../process.ts";
import { borrowingName } from "./engine-images.ts";
import type { Way } from "./obtain.ts";
import { pullReference, registryUrl } from "./registry.ts";
import type { Workshop } from "./workshop.ts";

/** How a program is had that upstream publishes inside an image only: the image is pulled and the file copied out. */
export function pulledFileWay(workshop: Workshop, image: string, file: string): Way {
  const { signal } = workshop;
  const reference = pullReference(workshop, image);
  return {
    how: "pulled",
    hash: contentHash("pull", image, file, workshop.architecture),
    from: registryUrl(reference),
    make: async (target) => {
      await mkdir(target);
      await borrowingName(reference, async () => {
        await run("docker", ["pull", reference], { signal });
        // The command is never run: an image without one can't be made a container of otherwise.
        const container = (await run("docker", ["create", reference, "none"], { signal })).trim();
        try {
          await run("docker", ["cp", `${container}:${file}`, join(target, basename(file))], { signal });
        } finally {
          await attempt("docker", ["rm", container]);
        }
      });
    },
  };
}
