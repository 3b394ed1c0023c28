import { type z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import { type Site, SiteSchema } from "./schema.ts";
import { pathOf, type Problem } from "./problem.ts";
import { cleanKeys, isRecord } from "./unknown-keys.ts";

/** What of an input has the right shape, section by section, and every problem of the rest. */
export interface Shaped {
  /** The sections that are sound, with their defaults filled in, in the schema's order. */
  readonly sections: Partial<Site>;
  readonly problems: readonly Problem[];
}

/** Keys, presence and types; what the values mean to each other is for the rules. */
export function shapeOf(input: unknown): Shaped {
  if (!isRecord(input)) {
    const rule = "is no site's description";
    return {
      sections: {},
      problems: [{ path: "", value: input ?? null, rule, remedy: "Write an object of type SiteInput." }],
    };
  }
  const cleaned = cleanKeys(SiteSchema, input);
  const value = cleaned.value as Record<string, unknown>; // an object went in
  const parsed = Object.entries(SiteSchema.shape).map(([key, schema]) => ({
    key,
    result: schema.safeParse(value[key]),
  }));
  return {
    sections: Object.fromEntries(parsed.flatMap(({ key, result }) => (result.success ? [[key, result.data]] : []))),
    problems: [
      ...cleaned.problems,
      ...parsed.flatMap(({ key, result }) =>
        (result.error?.issues ?? []).map((issue) => shapeProblem([key, ...issue.path], issue, value)),
      ),
    ],
  };
}

function shapeProblem(path: readonly PropertyKey[], issue: z.core.$ZodIssue, input: unknown): Problem {
  const value = path.reduce<unknown>((part, step) => (part as Record<PropertyKey, unknown> | undefined)?.[step], input);
  return { path: pathOf(path), value, ...(value === undefined ? missing(issue) : wrong(issue, value)) };
}

type Told = Pick<Problem, "rule" | "remedy">;

const missing = (issue: z.core.$ZodIssue): Told => ({ rule: "is missing", remedy: `Add it as ${wanted(issue)}.` });

function wrong(issue: z.core.$ZodIssue, value: unknown): Told {
  switch (issue.code) {
    case "invalid_type":
      return { rule: `is not ${wanted(issue)}`, remedy: `Write ${wanted(issue)}.` };
    case "invalid_value": {
      const choices = issue.values.map(String);
      return {
        rule: `is not ${wanted(issue)}`,
        remedy: didYouMean(String(value), choices, `Write ${wanted(issue)}.`),
      };
    }
    case "too_small":
      return issue.origin === "array"
        ? { rule: "has too few entries", remedy: `Give at least ${issue.minimum}.` }
        : {
            rule: "is too small",
            remedy: `It must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}.`,
          };
    case "too_big":
      return {
        rule: "is too large",
        remedy: `It must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}.`,
      };
    default:
      return { rule: `is refused: ${issue.message}`, remedy: "Correct it as site/schema.ts documents." };
  }
}

/** Zod's names for types, in plain words. */
const inWords: Readonly<Record<string, string>> = {
  array: "a list",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "a text",
};

function wanted(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map((choice) => `'${String(choice)}'`).join(" or ");
  return issue.code === "invalid_type"
    ? (inWords[issue.expected] ?? issue.expected)
    : "a value as site/schema.ts documents";
}
