import type { Site } from "@molly/site";
import { type CephImages, ensureCephImages, labVersions, type StepRunner, upCeph } from "@molly/verify";
import { tellStep } from "./images.ts";
import { cache } from "./paths.ts";
import { distOf } from "./site.ts";

export interface CephProps {
  readonly site: Site;
  readonly show: StepRunner;
  readonly signal: AbortSignal;
}

/** Has what Ceph beside a replica is made of, shown as a step. */
export async function cephImages({ site, show, signal }: CephProps): Promise<CephImages> {
  let images: CephImages | undefined;
  const step = {
    title: "Images of Ceph's servers and of a pod that mounts CephFS",
    run: async (_context: object, say: (detail: string) => void): Promise<void> => {
      images = await ensureCephImages({
        ...{ versions: labVersions(site), cacheDir: cache, signal },
        onStep: tellStep(say),
      });
    },
  };
  await show([step], {});
  if (images === undefined) throw new Error("The images step ended without images.");
  return images;
}

/** Real Ceph beside the replica, or alone. */
export async function bringUpCeph(props: CephProps): Promise<"started" | "was up"> {
  const images = await cephImages(props);
  return upCeph({
    site: props.site,
    dist: distOf(props.site.name),
    images,
    showSteps: props.show,
    signal: props.signal,
  });
}
