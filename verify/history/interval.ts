/** A stretch of time, half open: `from` belongs to it, `to` does not. Milliseconds since the epoch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export const lengthMs = ({ from, to }: Interval): number => Math.max(0, to - from);

export const totalMs = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, interval) => sum + lengthMs(interval), 0);

export const contains = ({ from, to }: Interval, t: number): boolean => from <= t && t < to;

/** What both have in common, or undefined when they only touch. */
export function overlap(a: Interval, b: Interval): Interval | undefined {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : undefined;
}

/** The parts of `whole` that none of `parts` covers, in order. */
export function gaps(whole: Interval, parts: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  let { from } = whole;
  for (const part of [...parts].sort((a, b) => a.from - b.from)) {
    if (part.to <= from) continue;
    if (part.from >= whole.to) break;
    if (part.from > from) found.push({ from, to: part.from });
    from = part.to;
  }
  if (from < whole.to) found.push({ from, to: whole.to });
  return found;
}
