import type { Interval } from "../history/interval.ts";
import { type ClockReading, select } from "../history/operation.ts";
import type { Check, Evidence } from "./verdict.ts";

/** Two clocks are read one after the other, and /proc/uptime counts in 10 ms. */
const toleranceMs = 100;

/** A step of the wall clock would falsify every interval of the history. */
export const clocksSteady: Check = {
  name: "clocks-steady",
  property: "No clock was set while the history was recorded.",
  judge: (history) => {
    const clocks = [...Map.groupBy(select(history, "clock"), ({ process }) => process)];
    const steps = clocks.flatMap(([process, readings]) => stepsOf(readings).map((step) => ({ ...step, process })));
    const evidence: Evidence[] = steps
      .filter(({ ms }) => Math.abs(ms) > toleranceMs)
      .map(({ from, to, ms, process }) => ({
        from,
        to,
        what: `the clock of ${process} was set by ${Math.round(ms)} ms`,
      }));
    const largest = Math.max(0, ...steps.map(({ ms }) => Math.abs(ms)));
    const figures = [{ name: "largest step", value: Math.round(largest), unit: "ms" as const, bound: toleranceMs }];
    if (evidence.length > 0)
      return { verdict: "violated", summary: `${evidence.map(({ what }) => what).join("; ")}.`, figures, evidence };
    if (steps.length === 0)
      return { verdict: "unknown", summary: "No clock was read often enough.", figures, evidence };
    return { verdict: "ok", summary: `${clocks.length} clocks ran evenly.`, figures, evidence };
  },
};

interface Step extends Interval {
  readonly ms: number;
}

/** How much the wall clock moved against the monotonic one between readings; restarts of the monotonic clock are no steps. */
function stepsOf(readings: readonly ClockReading[]): Step[] {
  const offsets = readings.map(({ wallMs, monotonicMs }) => wallMs - monotonicMs);
  const steady = offsets.map((offset, index) =>
    middle(offsets[index - 1] ?? offset, offset, offsets[index + 1] ?? offset),
  );
  return readings.slice(1).flatMap((reading, index) => {
    const before = readings[index];
    if (before === undefined || reading.monotonicMs < before.monotonicMs) return [];
    return [{ from: before.t, to: reading.t, ms: (steady[index + 1] ?? 0) - (steady[index] ?? 0) }];
  });
}

/** The middle one: a reader that was interrupted between its two clocks makes one odd value, a clock that was set shifts all that follow. */
const middle = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
