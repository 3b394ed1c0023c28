import { Failure } from "@molly/site";
import { z } from "zod";

const Attributes = z.record(z.string(), z.unknown());

const ResourceChange = z.object({
  address: z.string(),
  type: z.string(),
  /** Why Terraform wants to do it, in its own words: `replace_because_tainted`. */
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: Attributes.nullish(),
    /** What can't be changed in place: a path an attribute. */
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  }),
});

/** `terraform show -json PLAN` and `tofu show -json PLAN`, as far as the guard reads it. Format 1.x. */
const Plan = z.object({
  format_version: z.string().regex(/^1\./),
  resource_changes: z.array(ResourceChange).default([]),
  /** What the provider found to be otherwise than the state says. */
  resource_drift: z.array(ResourceChange).default([]),
  errored: z.boolean().default(false),
  /** False where `-target` left something out. */
  complete: z.boolean().default(true),
});

export type ResourceChange = z.output<typeof ResourceChange>;
export type Plan = z.output<typeof Plan>;

/** @throws Failure when the text is no plan in JSON */
export function parsePlan(text: string): Plan {
  const parsed = Plan.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure({
    what: "This is no plan of Terraform's or OpenTofu's.",
    seen: z.prettifyError(parsed.error),
    remedy: "Make one: `terraform plan -out=plan && terraform show -json plan >plan.json`.",
    badInput: true,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
