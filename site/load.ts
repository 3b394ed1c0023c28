import { didYouMean } from "./did-you-mean.ts";
import { listed } from "./names.ts";
import type { Site, SiteInput } from "./schema.ts";
import { InvalidSite } from "./problem.ts";
import { sites } from "./sites/index.ts";
import { type Rule } from "./rules/rule.ts";
import { validate } from "./validate.ts";

/**
 * The validated site of that name.
 * @param from the descriptions to choose from; default: those of this repository
 * @throws {InvalidSite} when there is none of that name, or when it breaks a rule
 */
export function loadSite(name: string, from: readonly SiteInput[] = sites): Site {
  const input = from.find((site) => site.name === name);
  if (input !== undefined) return validate(input);
  const names = from.map((site) => site.name);
  throw new InvalidSite("The choice of a site", [
    {
      path: "site",
      value: name,
      rule: "is no site of site/sites/index.ts",
      remedy: didYouMean(name, names, `Choose ${listed(names, "or")}.`),
    },
  ]);
}

/**
 * Every site, validated, in the registry's order.
 * @param more rules of others; see {@link validate}
 * @throws {InvalidSite} for the first that breaks a rule, or when two have the same name and so the same folder in dist
 */
export function loadSites(from: readonly SiteInput[] = sites, more: readonly Rule[] = []): Site[] {
  const loaded = from.map((input) => validate(input, more));
  const names = loaded.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length === 0) return loaded;
  throw new InvalidSite(
    "The list of sites",
    twice.map((value) => {
      const rule = "is the name of two sites, which would share dist's folder";
      return { path: "name", value, rule, remedy: "Rename one of them." };
    }),
  );
}
