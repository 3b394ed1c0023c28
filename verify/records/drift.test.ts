import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choicesFrom } from "../scenarios/choices.ts";
import { driftOf, tellDrift, type Trend, trendsOf } from "./drift.ts";
import { failover, item, record } from "./fixtures/records.ts";

const trend = (values: readonly number[], bound: number | undefined = 8040): Trend => ({
  ...{ kind: "scenarios", item: "holder-cut-off", figure: "vip: longest gap", unit: "ms" },
  ...(bound === undefined ? {} : { bound }),
  points: values.map((value) => ({ startedAt: "2026-11-01T02:00:00.000Z", commit: "0", value })),
});
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("a drift", () => {
  test("is told while the bound is far away, with when it would be reached", () => {
    const noise = [0, 15, -20, 8, -5];
    const drift = driftOf(trend(upTo(20).map((n) => 1100 + 12 * n + noise[n % 5]!)))!;
    expect(drift.runs).toBe(20);
    expect(Math.abs(drift.rise - 12 * 19)).toBeLessThan(20);
    expect(Math.abs(drift.runsLeft! - (8040 - 1300) / 12)).toBeLessThan(60);
    expect(tellDrift(drift)).toMatch(
      /^holder-cut-off, vip: longest gap: rose by 2\d\d ms over the last 20 runs; at this pace it reaches its bound of 8040 ms in \d+ runs\.$/,
    );
  });

  test("is none when one run was slow", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 19 }),
        (slow) => driftOf(trend(upTo(20).map((n) => (n === slow ? 6000 : 1100)))) === undefined,
      ),
    );
  });

  test("is none in whatever falls or stays", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 30 }),
        (values) => driftOf(trend(values.toSorted((a, b) => b - a))) === undefined,
      ),
    );
  });

  test("is none in what is too small to matter", () => {
    expect(driftOf(trend(upTo(20).map((n) => 1100 + n)))).toBeUndefined();
    expect(driftOf(trend(upTo(20).map((n) => 10 + n)))).toBeUndefined();
  });

  test("needs enough runs, and forgets what is long ago", () => {
    expect(driftOf(trend(upTo(7).map((n) => 1000 + 100 * n)))).toBeUndefined();
    expect(driftOf(trend(upTo(8).map((n) => 1000 + 100 * n)))).toBeDefined();
    expect(driftOf(trend([...upTo(20).map((n) => 1000 + 100 * n), ...upTo(20).map(() => 3000)]))).toBeUndefined();
  });

  test("is told by chance in few histories of noise alone", () => {
    const { between } = choicesFrom(7);
    const histories = 4000;
    const told = upTo(histories).filter(() => driftOf(trend(upTo(20).map(() => between(800, 1400))))).length;
    // 0.5 % are expected; twice as many would be a wrong statistic.
    expect(told / histories).toBeLessThan(0.01);
    expect(told).toBeGreaterThan(0);
  });
});

test("a trend is made of durations, by run, check and figure", () => {
  const figures = [
    { name: "slowest answer", value: 3, unit: "ms" as const },
    { name: "holders", value: 1 },
    { name: "status", value: "HEALTH_OK" },
  ];
  const records = [
    failover(0, 1000),
    record(0, { items: [item({ figures })] }),
    failover(1, 1200),
    record(1, { items: [item({ figures })] }),
  ];
  expect(
    trendsOf(records).map((one) => [one.item, one.figure, one.bound, one.points.map(({ value }) => value)]),
  ).toEqual([
    ["holder-cut-off", "vip: longest gap", 8040, [1000, 1200]],
    ["api", "slowest answer", undefined, [3, 3]],
  ]);
  expect(trendsOf(records.slice(0, 2))).toEqual([]);
});
