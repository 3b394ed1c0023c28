import { InvalidArgumentError, Option } from "commander";
import { type Site, sites } from "@molly/site";
import { join } from "node:path";
import { readRenderedSite, withWorkers } from "@molly/verify";
import { dist } from "./paths.ts";

export interface SiteOptions {
  readonly site: string;
  readonly workers?: number;
}

/** Names only, not validated: a mistake in a description must not keep anybody from `lab down`. */
const names = sites.map(({ name }) => name);

export const siteOption = (): Option => new Option("--site <name>", "which site").choices(names).default(names[0]);

/** @param flags of an option that takes a whole number from 1 on */
export const wholeNumberOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((text) => {
    if (!/^\d+$/.test(text) || Number(text) < 1) throw new InvalidArgumentError("It takes a whole number from 1 on.");
    return Number(text);
  });

export const workersOption = (): Option => wholeNumberOption("--workers <n>", "only the site's first N workers");

/** Where a site's rendered files are. */
export const distOf = (name: string): string => join(dist, name);

/** The site as it stands in dist/, with as many workers as asked for. */
export async function renderedSite({ site, workers }: SiteOptions): Promise<Site> {
  const whole = await readRenderedSite(dist, site);
  return workers === undefined ? whole : withWorkers(whole, workers);
}
