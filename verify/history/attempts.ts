import { type Interval, lengthMs } from "./interval.ts";
import { type ApiAttempt, type History, select } from "./operation.ts";

/** Whatever begins, and ends with an answer or without. */
interface Attempt {
  readonly t: number;
  readonly type: string;
  readonly latencyMs?: number;
}

/** The attempts of each path, in the order in which they were due. */
export function attemptsByPath(history: History): Map<string, ApiAttempt[]> {
  const byPath = new Map<string, ApiAttempt[]>();
  for (const attempt of select(history, "api")) {
    const list = byPath.get(attempt.path);
    if (list) list.push(attempt);
    else byPath.set(attempt.path, [attempt]);
  }
  return byPath;
}

/**
 * The times within `whole` without an answer: from the arrival of one to the arrival of the next, the edges of `whole`
 * counting as arrivals. By when attempts were due it would be less than clients see: one that was sent into an outage of a
 * second, and sent again by TCP when it was over, is answered too.
 */
export function silences(attempts: readonly Attempt[], { from, to }: Interval): Interval[] {
  const arrivals = attempts
    .filter(({ type }) => type === "ok")
    .map(({ t, latencyMs = 0 }) => t + latencyMs)
    .filter((arrival) => arrival > from && arrival < to)
    .toSorted((a, b) => a - b);
  return [from, ...arrivals].map((begin, index) => ({ from: begin, to: arrivals[index] ?? to }));
}

/** The longest of some intervals; of none, nothing. */
export const longest = (intervals: readonly Interval[]): Interval =>
  intervals.reduce((most, one) => (lengthMs(one) > lengthMs(most) ? one : most), { from: 0, to: 0 });

/**
 * The smallest latency that at least a share of the values does not exceed (nearest rank).
 * @param share 0.5 for the median, 0.99 for p99
 * @returns undefined when there are no values
 */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/**
 * How many requests are lost by a client that tries twice: one that failed, and so did the first that was due once that
 * was known. Nobody knows what became of an attempt that is neither.
 */
export const lostThoughTriedTwice = (attempts: readonly ApiAttempt[]): number =>
  attempts.filter(
    ({ type, t, latencyMs }, index) =>
      type === "fail" && attempts.find((next, place) => place > index && next.t >= t + latencyMs)?.type === "fail",
  ).length;
