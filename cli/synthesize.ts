import { join } from "node:path";
import { workloadRule } from "@molly/cluster";
import { loadSites, type SiteInput } from "@molly/site";
import { keepData } from "./keep-data.ts";
import { type Changes, renderAll, writeFiles } from "./dist.ts";
import { dist } from "./paths.ts";

export interface SynthesizeOptions {
  /** Default: every site of `site/sites/`. */
  readonly descriptions?: readonly SiteInput[];
  /** Folder that gets a folder a site. Default: dist/. */
  readonly out?: string;
  /** Write nothing, only tell what would change. */
  readonly dryRun?: boolean;
  /** Objects that data hangs on and that may be taken out all the same, by their names; see `keepData`. */
  readonly letGo?: readonly string[];
}

export interface SiteChanges extends Changes {
  readonly site: string;
}

/**
 * Validates and renders all sites in memory, and only then writes the first byte.
 * @throws InvalidSite with every problem of a site, Failure when data would lose its name; nothing was written.
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<SiteChanges[]> {
  const { descriptions, out = dist, dryRun, letGo } = options;
  const rendered = loadSites(descriptions, [workloadRule()]).map((site) => ({
    site: site.name,
    files: renderAll(site),
  }));
  for (const { site, files } of rendered) await keepData(join(out, site), files, letGo);
  const changes: SiteChanges[] = [];
  for (const { site, files } of rendered) changes.push({ site, ...(await writeFiles(join(out, site), files, dryRun)) });
  return changes;
}
