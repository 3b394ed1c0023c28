import type { Site } from "@molly/site";
import { ensureImages, type ImageMode, type LabImages, labVersions, type Step } from "@molly/verify";
import { cache } from "./paths.ts";

/** A one-step list for the progress display: builds or pulls what the replica's nodes are made of. */
export function imagesStep(
  site: Site,
  mode: ImageMode,
  keep: (images: LabImages) => void,
): Step<{ signal: AbortSignal }> {
  return {
    title: "Images and binaries",
    run: async ({ signal }, say) => {
      const registry = process.env["MOLLY_REGISTRY"];
      const options = { versions: labVersions(site), mode, cacheDir: cache, signal, ...(registry ? { registry } : {}) };
      keep(
        await ensureImages({
          ...options,
          onStep: ({ name, state, detail }) => say([name, state, detail].filter(Boolean).join(" ")),
        }),
      );
    },
  };
}
