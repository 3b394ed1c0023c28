import type { Site } from "@molly/site";
import {
  checkHost,
  down,
  type ImageMode,
  type LabImages,
  replicaTarget,
  restoreTarget,
  type StepRunner,
  up,
} from "@molly/verify";
import { Option } from "commander";
import { type ImagesWanted, imagesStep } from "./images.ts";
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

export interface BringUpProps extends ImagesWanted {
  readonly site: Site;
  /** Default: where `./molly synth` puts it. */
  readonly dist?: string;
  readonly show: StepRunner;
  readonly signal: AbortSignal;
}

/** What the host lacks is told first; then images, then the replica itself, shown step by step. */
export async function bringUp({
  site,
  dist = distOf(site.name),
  show,
  signal,
  ...wanted
}: BringUpProps): Promise<"started" | "was up"> {
  await checkHost(site);
  let images: LabImages | undefined;
  await show([imagesStep(site, wanted, (made) => (images = made))], { signal });
  if (images === undefined) throw new Error("The images step ended without images.");
  return up({ site, dist, images, showSteps: show, signal });
}

/**
 * Does something to a replica that is up, or is brought up for it. When it is interrupted, a replica that was started
 * for it goes, and one that was there before is put right.
 */
export async function withReplica<T>(props: BringUpProps, work: () => Promise<T>): Promise<T> {
  const { site, signal } = props;
  const outcome = await bringUp(props);
  try {
    // A run that was killed may have left a fault behind.
    if (outcome === "was up") await restoreTarget(await replicaTarget(site));
    return await work();
  } finally {
    if (signal.aborted) await (outcome === "started" ? down(site) : restoreTarget(await replicaTarget(site)));
  }
}
