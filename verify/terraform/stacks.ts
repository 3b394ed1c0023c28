import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, type Site, SiteSchema } from "@molly/site";

/** Terraform as it was rendered for a site. */
export interface RenderedSite {
  readonly site: Site;
  /** Folder of each stack, by the stack's name. */
  readonly stacks: Readonly<Record<string, string>>;
}

const folders = {
  "dist/": fileURLToPath(new URL("../../dist/", import.meta.url)),
  "infra/fixtures/dist/": fileURLToPath(new URL("../../infra/fixtures/dist/", import.meta.url)),
};

/**
 * The sites of `dist/`, and the second one, whose files the unit tests of `infra` keep.
 *
 * @throws Failure when either is empty
 */
export function renderedSites(): RenderedSite[] {
  return Object.entries(folders).flatMap(([name, folder]) => {
    const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const sites = paths.filter((path) => /^[^/]+\/site\.json$/.test(path));
    if (sites.length === 0)
      throw new Failure({ what: `There is no rendered site in ${name}.`, remedy: "Run `./molly synth`." });
    return sites.map((path) => renderedSite(join(folder, path, "..")));
  });
}

function renderedSite(folder: string): RenderedSite {
  const infra = join(folder, "infra");
  return {
    site: SiteSchema.parse(JSON.parse(readFileSync(join(folder, "site.json"), "utf8"))),
    stacks: Object.fromEntries(readdirSync(infra).map((stack) => [stack, join(infra, stack)])),
  };
}
