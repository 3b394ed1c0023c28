import { z } from "zod";
import { closest } from "./did-you-mean.ts";
import { pathOf, type Problem } from "./problem.ts";

/** An input in which every key is one that the schema knows, and what had to be changed for that. */
export interface Cleaned {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Reports every key that the schema does not know. A key that is close to one that is not set is taken for it, any other
 * is dropped: so a typo is told once, not a second time as a missing key, and the other rules can still run.
 */
export function cleanKeys(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[] = []): Cleaned {
  const inner = withoutDefault(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const items = value.map((item, index) => cleanKeys(inner.element, item, [...path, index]));
    return { value: items.map((item) => item.value), problems: items.flatMap((item) => item.problems) };
  }
  if (inner instanceof z.ZodObject && isRecord(value)) return cleanObject(inner.shape, value, path);
  return { value, problems: [] };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function cleanObject(shape: Shape, object: Record<string, unknown>, path: readonly PropertyKey[]): Cleaned {
  const known = Object.keys(shape);
  const renamed = new Map<string, string>();
  const problems: Problem[] = [];
  for (const key of Object.keys(object).filter((key) => !known.includes(key))) {
    const free = known.filter((name) => object[name] === undefined && ![...renamed.values()].includes(name));
    const meant = closest(key, free);
    if (meant !== undefined) renamed.set(key, meant);
    problems.push(unknownKey([...path, key], object[key], meant ?? closest(key, known), known));
  }
  const entries = Object.entries(object).flatMap(([key, value]) => {
    const name = renamed.get(key) ?? key;
    const schema = shape[name];
    return schema === undefined ? [] : [{ name, ...cleanKeys(schema, value, [...path, name]) }];
  });
  return {
    value: Object.fromEntries(entries.map(({ name, value }) => [name, value])),
    problems: [...problems, ...entries.flatMap((entry) => entry.problems)],
  };
}

const unknownKey = (
  path: readonly PropertyKey[],
  value: unknown,
  meant: string | undefined,
  known: readonly string[],
): Problem => ({
  path: pathOf(path),
  value,
  rule: "stands under an unknown key",
  remedy: meant === undefined ? `Remove it; the keys here are ${known.join(", ")}.` : `Did you mean '${meant}'?`,
});

const withoutDefault = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? withoutDefault(schema.unwrap())
    : schema;
