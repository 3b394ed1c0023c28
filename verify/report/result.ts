import { type Judgement, type Verdict, worst } from "../checks/verdict.ts";

/** How a scenario went. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The compressed history, relative to the run's folder. */
  readonly history: string;
  readonly verdicts: readonly Verdict[];
  /** Checks that are known to be violated, with the reason. */
  readonly knownViolations: Readonly<Record<string, string>>;
  /** Why the run broke off, when it did: what went wrong was no property of the cluster. */
  readonly brokeOff?: string;
}

/** A run of scenarios: everything a report needs but the histories. Plain data, written as result.json. */
export interface RunResult {
  readonly format: 1;
  readonly site: string;
  readonly title: string;
  readonly vip: string;
  /** What the scenarios ran against. */
  readonly target: string;
  /** The commit that was checked out, or `unknown`. */
  readonly commit: string;
  /** Whether files differed from that commit. */
  readonly dirty: boolean;
  /** The command that repeats this run. */
  readonly rerun: string;
  readonly startedAt: string;
  readonly scenarios: readonly ScenarioResult[];
}

/** A scenario holds when every check does; one that broke off is at best unknown. */
export const judgementOf = ({ verdicts, brokeOff }: ScenarioResult): Judgement =>
  worst([...verdicts.map(({ verdict }) => verdict), ...(brokeOff === undefined ? [] : (["unknown"] as const))]);

export const overall = ({ scenarios }: RunResult): Judgement => worst(scenarios.map(judgementOf));
