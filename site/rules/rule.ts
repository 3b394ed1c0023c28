import type { Site } from "../schema.ts";
import type { Problem } from "../problem.ts";

/** A rule, ready to be asked about a site of which some sections may be missing or broken (then they are absent). */
export type Rule = (sections: Partial<Site>) => Problem[];

/**
 * Makes a rule of a pure function that sees only the sections it names. With one of them absent the rule has nothing to
 * say: whatever made the section absent has been told already.
 */
export const rule =
  <Section extends keyof Site>(reads: readonly Section[], check: (site: Pick<Site, Section>) => Problem[]): Rule =>
  (sections) =>
    hasAll(sections, reads) ? check(sections) : [];

const hasAll = <Section extends keyof Site>(
  sections: Partial<Site>,
  needed: readonly Section[],
): sections is Partial<Site> & Pick<Site, Section> => needed.every((section) => sections[section] !== undefined);

/** An entry that repeats an earlier one. */
export interface Repetition<Item> {
  readonly item: Item;
  readonly earlier: Item;
}

/** Every entry whose key an earlier entry has already, with that first one. */
export function repetitions<Item>(items: readonly Item[], key: (item: Item) => unknown): Repetition<Item>[] {
  const first = new Map<unknown, Item>();
  return items.flatMap((item) => {
    const earlier = first.get(key(item));
    if (earlier !== undefined) return [{ item, earlier }];
    first.set(key(item), item);
    return [];
  });
}
