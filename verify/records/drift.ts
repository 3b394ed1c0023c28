import type { RunRecord } from "./record.ts";

/** A figure of one run. */
export interface Point {
  readonly startedAt: string;
  readonly commit: string;
  readonly value: number;
}

/** A figure over all runs, the oldest first. */
export interface Trend {
  readonly kind: RunRecord["kind"];
  /** The check or scenario. */
  readonly item: string;
  readonly figure: string;
  readonly unit: string;
  /** The last run's. */
  readonly bound?: number;
  readonly points: readonly Point[];
}

/** Every figure that is a duration and was measured more than once. */
export function trendsOf(records: readonly RunRecord[]): Trend[] {
  const trends = new Map<string, Trend>();
  for (const { kind, items, startedAt, commit } of records)
    for (const { name: item, figures } of items)
      for (const { name: figure, value, unit, bound } of figures) {
        if (typeof value !== "number" || unit !== "ms") continue;
        const key = `${kind} ${item} ${figure}`;
        const before = trends.get(key)?.points ?? [];
        const points = [...before, { startedAt, commit, value }];
        trends.set(key, { kind, item, figure, unit, ...(bound === undefined ? {} : { bound }), points });
      }
  return [...trends.values()].filter(({ points }) => points.length > 1);
}

/** A figure that has been rising. */
export interface Drift {
  readonly trend: Trend;
  /** Over how many runs. */
  readonly runs: number;
  /** By how much, over those runs, by Theil and Sen's slope. */
  readonly rise: number;
  /** In how many more runs it reaches its bound at that pace; undefined without a bound, or when it is there already. */
  readonly runsLeft?: number;
}

/** Older runs are of another time. */
const window = 20;
/** With fewer, chance alone would often order them so. */
const fewest = 8;
/** One-sided, 0.5 %. */
const certainty = 2.576;
/** A rise of less than a tenth, or less than two attempts on the VIP (20 ms each) apart, is nobody's concern. */
const leastShare = 0.1;
const leastRiseMs = 40;

/** @returns undefined unless the figure rises, beyond what chance explains and enough to matter */
export function driftOf(trend: Trend): Drift | undefined {
  const values = trend.points.slice(-window).map(({ value }) => value);
  if (values.length < fewest || kendall(values) < certainty) return undefined;
  const slope = medianSlope(values);
  const rise = slope * (values.length - 1);
  if (rise < Math.max(leastRiseMs, leastShare * median(values))) return undefined;
  const left = trend.bound === undefined ? undefined : (trend.bound - median(values.slice(-3))) / slope;
  return { trend, runs: values.length, rise, ...(left !== undefined && left > 0 ? { runsLeft: Math.ceil(left) } : {}) };
}

/** Mann and Kendall's statistic, as a number of standard deviations: how much oftener a later value is the greater one. */
function kendall(values: readonly number[]): number {
  const n = values.length;
  const score = pairsOf(values).reduce((sum, [earlier, later]) => sum + Math.sign(later - earlier), 0);
  const ties = [...Map.groupBy(values, (value) => value).values()].map((group) => group.length);
  const varianceOf = (count: number): number => count * (count - 1) * (2 * count + 5);
  const variance = (varianceOf(n) - ties.reduce((sum, count) => sum + varianceOf(count), 0)) / 18;
  return variance === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance);
}

const medianSlope = (values: readonly number[]): number =>
  median(
    values.flatMap((earlier, index) =>
      values.slice(index + 1).map((later, distance) => (later - earlier) / (distance + 1)),
    ),
  );

const pairsOf = (values: readonly number[]): [number, number][] =>
  values.flatMap((earlier, index) => values.slice(index + 1).map((later): [number, number] => [earlier, later]));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** A sentence. */
export function tellDrift({ trend, runs, rise, runsLeft }: Drift): string {
  const { item, figure, unit, bound } = trend;
  const soon =
    runsLeft === undefined ? "" : `; at this pace it reaches its bound of ${bound} ${unit} in ${runsLeft} runs`;
  return `${item}, ${figure}: rose by ${Math.round(rise)} ${unit} over the last ${runs} runs${soon}.`;
}
