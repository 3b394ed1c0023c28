import type { Engine, Site } from "@molly/site";
import type { Figures } from "./figures.ts";

export const engines = ["lease", "keepalived", "heartbeat-classic"] as const satisfies readonly Engine[];

/** In the order in which they are shown. */
export const benchFaults = [
  "power-off",
  "engine-killed",
  "engine-frozen",
  "haproxy-killed",
  "cut-off",
  "cut-off-out",
  "cut-off-in",
  "hand-over",
  "apiserver-killed",
] as const;
export type BenchFaultName = (typeof benchFaults)[number];

/** What is to be measured. */
export interface Plan {
  readonly engines: readonly Engine[];
  readonly faults: readonly BenchFaultName[];
  /** How often each fault but the power-off. */
  readonly repetitions: number;
  readonly powerOffs: number;
  /** How often the power-off with `heartbeat-classic`, which needs a restart after each. */
  readonly classicPowerOffs: number;
  /** Decides the order of the faults. */
  readonly seed: number;
}

/** What a benchmark ran on: the first line of its results. */
export interface BenchHead {
  readonly format: 1;
  readonly plan: Plan;
  readonly site: Site;
  /** What it ran against. */
  readonly target: string;
  readonly commit: string;
  readonly dirty: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** One turn of the plan. */
export interface Turn {
  readonly engine: Engine;
  readonly fault: BenchFaultName;
  /** From 1 on. */
  readonly number: number;
}

/** A turn that was taken: every other line of the results. */
export interface Repetition extends Turn {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The compressed history, relative to the results' folder. */
  readonly history: string;
  /** None when it broke off. */
  readonly figures?: Figures;
  /** Why it has no figures: what went wrong was no property of the engine. */
  readonly brokeOff?: string;
}

/** Everything that the page and the plot are made of. */
export interface BenchResult {
  readonly head: BenchHead;
  readonly repetitions: readonly Repetition[];
}
