import { rules } from "./rules/index.ts";
import { type Rule } from "./rules/rule.ts";
import { type Site, SiteSchema } from "./schema.ts";
import { shapeOf } from "./shape.ts";
import { InvalidSite, type Problem } from "./problem.ts";
import { isRecord } from "./unknown-keys.ts";

/**
 * Turns what a person wrote into the model that every renderer gets: checked against every rule, defaults filled in.
 * @param more rules of others about what they add to this site, so that their problems are told with the rest
 * @throws {InvalidSite} with all problems at once; a rule is left out only where a section that it reads is itself broken
 */
export function validate(input: unknown, more: readonly Rule[] = []): Site {
  const { sections, problems } = shapeOf(input);
  const all: Problem[] = [...problems, ...[...rules, ...more].flatMap((rule) => rule(sections))];
  if (all.length > 0 || !isComplete(sections)) throw new InvalidSite(subjectOf(input), all);
  return sections;
}

const isComplete = (sections: Partial<Site>): sections is Site =>
  Object.entries(SiteSchema.shape).every(([key]) => key in sections);

const subjectOf = (input: unknown): string =>
  isRecord(input) && typeof input["name"] === "string" ? `Site "${input["name"]}"` : "A site without a name";
