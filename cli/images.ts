import { canalImages } from "@molly/cluster";
import type { Site } from "@molly/site";
import { ensureImages, type ImageMode, type LabImages, labVersions, type Step, type StepReport } from "@molly/verify";
import { cache } from "./paths.ts";

/** Tells what the making of images reports, in the step that they are made in. */
export const tellStep =
  (say: (detail: string) => void) =>
  ({ name, state, detail }: StepReport): void =>
    say([name, state, detail].filter(Boolean).join(" "));

export interface ImagesWanted {
  readonly images: ImageMode;
  /** Compile Calico's half of Canal where it can't be pulled. */
  readonly policies?: boolean;
}

/** A one-step list for the progress display: builds or pulls what the replica's nodes are made of. */
export function imagesStep(
  site: Site,
  { images: mode, policies = false }: ImagesWanted,
  keep: (images: LabImages) => void,
): Step<{ signal: AbortSignal }> {
  return {
    title: "Images and binaries",
    run: async ({ signal }, say) => {
      const registry = process.env["MOLLY_REGISTRY"];
      // Without Calico's images the replica runs flannel's half of Canal.
      const extraImages = Object.entries(canalImages(site)).flatMap(([name, image]) =>
        name === "flannel" ? [] : [image],
      );
      const options = {
        versions: labVersions(site),
        mode,
        cacheDir: cache,
        signal,
        extraImages,
        compileCalico: policies,
        ...(registry ? { registry } : {}),
      };
      keep(
        await ensureImages({
          ...options,
          onStep: tellStep(say),
        }),
      );
    },
  };
}
