import { InvalidArgumentError, Option } from "commander";
import { loadSites, type Site } from "@molly/site";
import { join } from "node:path";
import { readRenderedSite, withWorkers } from "@molly/verify";
import { dist } from "./paths.ts";

export interface SiteOptions {
  readonly site: string;
  readonly workers?: number;
}

export const siteOption = (): Option =>
  new Option("--site <name>", "which site").default(loadSites()[0]?.name ?? "molly");

export const workersOption = (): Option =>
  new Option("--workers <n>", "only the site's first N workers").argParser((text) => {
    if (!/^\d+$/.test(text) || Number(text) < 1) throw new InvalidArgumentError("It takes a whole number from 1 on.");
    return Number(text);
  });

/** Where a site's rendered files are. */
export const distOf = (name: string): string => join(dist, name);

/** The site as it stands in dist/, with as many workers as asked for. */
export async function renderedSite({ site, workers }: SiteOptions): Promise<Site> {
  const whole = await readRenderedSite(dist, site);
  return workers === undefined ? whole : withWorkers(whole, workers);
}
