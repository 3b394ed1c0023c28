import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, gaps, overlap, totalMs } from "./interval.ts";

const interval = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 30 }))
  .map(([from, length]) => ({ from, to: from + length }));

describe("overlap", () => {
  test("is what both contain", () => {
    fc.assert(
      fc.property(interval, interval, fc.integer({ min: 0, max: 130 }), (a, b, t) => {
        const both = overlap(a, b);
        expect(both !== undefined && contains(both, t)).toBe(contains(a, t) && contains(b, t));
      }),
    );
  });

  test("is none when they only touch", () => {
    expect(overlap({ from: 0, to: 5 }, { from: 5, to: 9 })).toBeUndefined();
  });
});

describe("gaps", () => {
  test("and what covers them share out the whole", () => {
    fc.assert(
      fc.property(fc.array(interval), fc.integer({ min: 0, max: 99 }), (parts, t) => {
        const whole = { from: 0, to: 100 };
        const inGap = gaps(whole, parts).some((gap) => contains(gap, t));
        expect(inGap).toBe(!parts.some((part) => contains(part, t)));
      }),
    );
  });

  test("of nothing is the whole", () => {
    expect(gaps({ from: 3, to: 7 }, [])).toEqual([{ from: 3, to: 7 }]);
  });
});

test("totalMs counts an interval that ends before it begins as nothing", () => {
  expect(
    totalMs([
      { from: 0, to: 5 },
      { from: 9, to: 7 },
    ]),
  ).toBe(5);
});
