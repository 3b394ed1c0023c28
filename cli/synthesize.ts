import { join } from "node:path";
import { workloadRule } from "@molly/cluster";
import { loadSites, type SiteInput } from "@molly/site";
import { type Changes, renderAll, writeFiles } from "./dist.ts";
import { dist } from "./paths.ts";

export interface SynthesizeOptions {
  /** Default: every site of `site/sites/`. */
  readonly descriptions?: readonly SiteInput[];
  /** Folder that gets a folder a site. Default: dist/. */
  readonly out?: string;
  /** Write nothing, only tell what would change. */
  readonly dryRun?: boolean;
}

export interface SiteChanges extends Changes {
  readonly site: string;
}

/**
 * Validates and renders all sites in memory, and only then writes the first byte.
 * @throws InvalidSite with every problem of a site; nothing was written.
 */
export async function synthesize({ descriptions, out = dist, dryRun }: SynthesizeOptions = {}): Promise<SiteChanges[]> {
  const rendered = loadSites(descriptions, [workloadRule()]).map((site) => ({ site: site.name, files: renderAll(site) }));
  const changes: SiteChanges[] = [];
  for (const { site, files } of rendered) changes.push({ site, ...(await writeFiles(join(out, site), files, dryRun)) });
  return changes;
}
