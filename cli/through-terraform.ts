import type { Site } from "@molly/site";
import {
  checkHost,
  ensureTerraformImages,
  type LabImages,
  labVersions,
  type StepRunner,
  type TerraformImages,
  upThroughTerraform,
} from "@molly/verify";
import { imagesStep, tellStep } from "./images.ts";
import { cache } from "./paths.ts";
import type { ReplicaOptions } from "./replica.ts";
import { distOf } from "./site.ts";

export interface ThroughTerraformProps extends ReplicaOptions {
  /** Whole: the rendered stacks have all machines. */
  readonly site: Site;
  readonly show: StepRunner;
  readonly signal: AbortSignal;
}

/** A replica that `terraform apply` brings up, stack after stack: from five empty servers to Ready machines. */
export async function bringUpThroughTerraform({
  site,
  images: mode,
  show,
  signal,
}: ThroughTerraformProps): Promise<void> {
  await checkHost(site);
  let images: LabImages | undefined;
  let more: TerraformImages | undefined;
  const terraformStep = {
    title: "Images of the servers and of machines with cloud-init",
    run: async (_: object, say: (detail: string) => void): Promise<void> => {
      if (images === undefined) throw new Error("The images step ended without images.");
      more = await ensureTerraformImages({
        ...{ versions: labVersions(site), node: images.node, cacheDir: cache, signal },
        onStep: tellStep(say),
      });
    },
  };
  await show([imagesStep(site, { images: mode }, (made) => (images = made)), terraformStep], { signal });
  if (images === undefined || more === undefined) throw new Error("The images steps ended without images.");
  await upThroughTerraform({ site, dist: distOf(site.name), images: { ...images, ...more }, showSteps: show, signal });
}
