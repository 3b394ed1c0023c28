import { describe, expect, test } from "vitest";
import { longestGap, lostThoughTriedTwice, percentile } from "./attempts.ts";
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

describe("longestGap", () => {
  test("reaches from the last answered attempt before an outage to the first after it", () => {
    expect(longestGap([attempt(0), attempt(20), attempt(40, "fail"), attempt(60, "fail"), attempt(80)], whole)).toEqual(
      { from: 20, to: 80 },
    );
  });

  test("at the beginning counts from the beginning, at the end to the end", () => {
    expect(longestGap([attempt(70, "fail"), attempt(80)], whole)).toEqual({ from: 0, to: 80 });
    expect(longestGap([attempt(0), attempt(20), attempt(90, "fail")], whole)).toEqual({ from: 20, to: 100 });
  });

  test("is everything when nothing was answered", () => {
    expect(longestGap([attempt(10, "fail")], whole)).toEqual(whole);
    expect(longestGap([], whole)).toEqual(whole);
  });

  test("takes attempts outside the judged time for nothing", () => {
    expect(longestGap([attempt(-5), attempt(50), attempt(105)], whole)).toEqual({ from: 0, to: 50 });
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
