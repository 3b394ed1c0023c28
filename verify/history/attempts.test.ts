import { describe, expect, test } from "vitest";
import { longest, lostThoughTriedTwice, percentile, silences } from "./attempts.ts";
import type { Interval } from "./interval.ts";
import type { ApiAttempt } from "./operation.ts";

const attempt = (t: number, type: ApiAttempt["type"] = "ok"): ApiAttempt => ({
  t,
  process: "prober",
  f: "api",
  type,
  path: "vip",
  latencyMs: 5,
  outcome: type,
});
const whole = { from: 0, to: 100 };

describe("the longest silence", () => {
  const gap = (...attempts: ApiAttempt[]): Interval => longest(silences(attempts, whole));

  test("reaches from the last answer before an outage to the first after it", () => {
    expect(gap(attempt(0), attempt(20), attempt(40, "fail"), attempt(60, "fail"), attempt(80))).toEqual({
      from: 25,
      to: 85,
    });
  });

  test("goes on until an answer arrives, however early it was asked for", () => {
    expect(gap(attempt(0), attempt(20, "fail"), { ...attempt(40), latencyMs: 50 }, attempt(88))).toEqual({
      from: 5,
      to: 90,
    });
  });

  test("at the beginning counts from the beginning, at the end to the end", () => {
    expect(gap(attempt(70, "fail"), attempt(80))).toEqual({ from: 0, to: 85 });
    expect(gap(attempt(0), attempt(20), attempt(90, "fail"))).toEqual({ from: 25, to: 100 });
  });

  test("is everything when nothing was answered", () => {
    expect(gap(attempt(10, "fail"))).toEqual(whole);
    expect(gap()).toEqual(whole);
  });

  test("takes answers outside the judged time for nothing", () => {
    expect(gap(attempt(-10), attempt(50), attempt(105))).toEqual({ from: 0, to: 55 });
  });
});

describe("percentile", () => {
  test("is the nearest rank, whatever the order", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test("of nothing is undefined", () => {
    expect(percentile([], 0.5)).toBeUndefined();
  });
});

test("a client that tries twice loses what fails twice in a row", () => {
  const fates = (...types: ApiAttempt["type"][]): ApiAttempt[] => types.map((type, index) => attempt(index * 20, type));
  expect(lostThoughTriedTwice(fates("ok", "fail", "ok", "fail", "ok"))).toBe(0);
  expect(lostThoughTriedTwice(fates("ok", "fail", "fail", "fail", "ok"))).toBe(2);
  // The next one that is due is no second try while the first is still waited for.
  const patient = [{ ...attempt(0, "fail"), latencyMs: 30 }, attempt(20, "fail"), attempt(40)];
  expect(lostThoughTriedTwice(patient)).toBe(0);
  // Nobody knows what became of it.
  expect(lostThoughTriedTwice(fates("fail", "unknown"))).toBe(0);
});
