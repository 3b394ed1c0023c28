import { type History, select } from "./operation.ts";
import type { Interval } from "./interval.ts";

/**
 * The phases of every scenario, in their order. In the calm ones nothing is done to the cluster and everything must
 * be well; `end` closes the last.
 */
export const phases = [
  "setup",
  "calm-before",
  "fault",
  "during",
  "heal",
  "recovery",
  "calm-after",
  "teardown",
  "end",
] as const;
export type Phase = (typeof phases)[number];

export interface PhaseInterval extends Interval {
  readonly phase: Phase;
}

/** Each phase from its mark to the next mark; the last, when the history breaks off, to its last operation. */
export function phaseIntervals(history: History): PhaseInterval[] {
  const marks = select(history, "phase");
  const end = history.at(-1)?.t ?? 0;
  return marks
    .map(({ phase, t }, index) => ({ phase, from: t, to: marks[index + 1]?.t ?? end }))
    .filter(({ phase }) => phase !== "end");
}

/** The time in which nothing was done to the cluster. */
export const calmIntervals = (history: History): PhaseInterval[] =>
  phaseIntervals(history).filter(({ phase }) => phase === "calm-before" || phase === "calm-after");

/** From the first calm moment to the last: what is judged. Undefined when no calm phase was reached. */
export function judgedInterval(history: History): Interval | undefined {
  const judged = phaseIntervals(history).filter(({ phase }) => phase !== "setup" && phase !== "teardown");
  const first = judged[0];
  const last = judged.at(-1);
  return first && last && { from: first.from, to: last.to };
}
