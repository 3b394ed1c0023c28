import type { Finding } from "../diff/model.ts";
import { below, type Side } from "../diff/tree.ts";
import type { Kubectl } from "../health/look.ts";
import { readLive } from "./read-live.ts";
import { remarkedInDiff } from "./remarks.ts";

export interface LiveSides {
  readonly from: Side;
  readonly to: Side;
  /** What no comparison of the two sides finds, by site. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
}

/**
 * What is live in a site's cluster, and what applying a side's objects would make of it: for whoever asks what a sync would do.
 * All else of the site is the same on both sides.
 * @throws Unreached; Failure when the account may not ask
 */
export async function liveSides(site: string, side: Side, kubectl: Kubectl): Promise<LiveSides> {
  const { before, after, remarks } = await readLive(below(side.tree, site), kubectl);
  const ofSite = (name: string, files: Side["tree"]): Side => ({
    name,
    tree: new Map([...files].map(([path, file]) => [`${site}/${path}`, file])),
  });
  const findings = new Map([[site, remarks.map(remarkedInDiff)]]);
  return { from: ofSite("what is live", before), to: ofSite(side.name, after), findings };
}
