import { type Interval, lengthMs } from "./interval.ts";
import { type ApiAttempt, type History, select } from "./operation.ts";

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
 * The longest time within `whole` in which no attempt that began was answered: from one answered attempt to the next,
 * by when they were due, the edges of `whole` counting as answered. As exact as the time between two attempts.
 */
export function longestGap(attempts: readonly ApiAttempt[], whole: Interval): Interval {
  let longest: Interval = { from: whole.from, to: whole.from };
  let { from } = whole;
  const close = (to: number): void => {
    if (to - from > lengthMs(longest)) longest = { from, to };
    from = to;
  };
  for (const { type, t } of attempts) if (type === "ok" && t >= whole.from && t < whole.to) close(t);
  close(whole.to);
  return longest;
}

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
