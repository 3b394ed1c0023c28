import type { Site } from "@molly/site";
import { type ImageMode, type LabImages, type StepRunner, up } from "@molly/verify";
import { Option } from "commander";
import { imagesStep } from "./images.ts";
import { showSteps } from "./progress.ts";
import { distOf } from "./site.ts";

export interface ReplicaOptions {
  readonly images: ImageMode;
}

export const imagesOption = (): Option =>
  new Option(
    "--images <how>",
    "pull images and binaries, build them from Debian packages and Go modules, or what is possible",
  )
    .choices(["auto", "pull", "build"])
    .default("auto");

/** Images, then the replica itself, shown step by step. */
export async function bringUp(
  site: Site,
  { images: mode }: ReplicaOptions,
  signal: AbortSignal,
  show: StepRunner = showSteps,
): Promise<"started" | "was up"> {
  let images: LabImages | undefined;
  await show([imagesStep(site, mode, (made) => (images = made))], { signal });
  if (images === undefined) throw new Error("The images step ended without images.");
  return up({ site, dist: distOf(site.name), images, showSteps: show, signal });
}
