import { pinned } from "../pins/pins-file.ts";
import type { SiteInput } from "../schema.ts";
import { molly } from "./molly.ts";

/** Every site of this repository, in the order in which they are rendered. A new site is one file and one entry here. */
export const sites: readonly SiteInput[] = [molly].map((site) => pinned(site));
