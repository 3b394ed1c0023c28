import type { Site } from "@molly/site";
import type { Interval } from "../history/interval.ts";
import type { History } from "../history/operation.ts";
import type { Scenario } from "../scenarios/scenario.ts";

export type CheckName =
  | "api-answers-when-calm"
  | "one-holder-when-calm"
  | "never-two-holders"
  | "never-two-arp-owners"
  | "api-gap"
  | "watch-survives"
  | "etcd-quorum"
  | "all-as-before"
  | "stays-after-heal"
  | "neighbours-know-holder"
  | "clocks-steady"
  | "cephfs-nothing-lost"
  | "cephfs-pause";

/** `unknown`: too little was recorded to judge, or the check itself crashed. */
export type Judgement = "ok" | "violated" | "unknown";

/** A stretch of time that decided a verdict, and what happened in it. */
export interface Evidence extends Interval {
  readonly what: string;
}

/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number | string;
  readonly unit?: "ms" | "%" | "days" | "MiB";
  /** What the figure must not exceed. */
  readonly bound?: number;
}

export interface Verdict {
  readonly check: CheckName;
  readonly verdict: Judgement;
  /** A sentence or two that stand alone. */
  readonly summary: string;
  readonly figures: readonly Figure[];
  readonly evidence: readonly Evidence[];
}

/** What a check says; its name is added by whoever runs it. */
export type Finding = Omit<Verdict, "check">;

export interface CheckContext {
  readonly site: Site;
  readonly scenario: Scenario;
}

/** A pure function from a history to a finding: no clock, no I/O. */
export interface Check {
  readonly name: CheckName;
  /** What must hold, as a sentence. */
  readonly property: string;
  readonly judge: (history: History, context: CheckContext) => Finding;
}

/** The worst of several: one violation outweighs all that is unknown. */
export function worst(judgements: readonly Judgement[]): Judgement {
  if (judgements.includes("violated")) return "violated";
  return judgements.length === 0 || judgements.includes("unknown") ? "unknown" : "ok";
}
