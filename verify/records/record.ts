import { z } from "zod";
import type { Judgement } from "../checks/verdict.ts";

const Judged = z.enum(["ok", "violated", "unknown"]) satisfies z.ZodType<Judgement>;

/** What was run: a look at the site, the question to Terraform whether all is as described, scenarios with faults. */
export const runKinds = ["health", "drift", "scenarios"] as const;

const Figure = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string()]),
  unit: z.enum(["ms", "%", "days", "MiB"]).optional(),
  bound: z.number().optional(),
});

const Finding = z.object({
  verdict: z.enum(["violated", "unknown"]),
  where: z.string(),
  cause: z.string(),
  remedy: z.string(),
});

const Item = z.object({
  /** A health check's name, or a scenario's. */
  name: z.string(),
  /** What must hold, or what was done, as a sentence. */
  title: z.string(),
  judgement: Judged,
  summary: z.string(),
  findings: z.array(Finding),
  figures: z.array(Figure),
});

/**
 * What is kept of a run, whatever was run: enough to tell how it went and how its figures move, without the histories. Fields
 * that are not known are ignored, so that an older Molly reads what a newer one wrote.
 */
export const RunRecord = z.object({
  format: z.literal(1),
  kind: z.enum(runKinds),
  site: z.string(),
  title: z.string(),
  /** What it ran against. */
  target: z.string(),
  /** The commit that was checked out, or `unknown`. */
  commit: z.string(),
  dirty: z.boolean(),
  /** The command that repeats it. */
  rerun: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  /** Who agreed to the faults. */
  approvedBy: z.string().optional(),
  judgement: Judged,
  items: z.array(Item),
  /** Checks that were not run, each with the reason. They count neither way. */
  leftOut: z.array(z.object({ check: z.string(), why: z.string() })),
});
export type RunRecord = z.output<typeof RunRecord>;
export type RecordItem = RunRecord["items"][number];

/** What every record says of its run. */
export type RecordHead = Pick<
  RunRecord,
  "site" | "title" | "target" | "commit" | "dirty" | "rerun" | "startedAt" | "durationMs" | "approvedBy"
>;

/** Names sort by time. A colon would need quoting in a URL. */
export const recordName = ({ startedAt, kind }: RunRecord): string => `${startedAt.replaceAll(":", "-")}-${kind}.json`;

export const recordText = (record: RunRecord): string => `${JSON.stringify(record, undefined, 2)}\n`;

/** @throws Error that says what is wrong with the text */
export const parseRecord = (text: string): RunRecord => RunRecord.parse(JSON.parse(text));
