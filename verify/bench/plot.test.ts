import { describe, expect, test } from "vitest";
import { logAxis } from "./axis.ts";
import { claims } from "./claims.ts";
import { figuresOf } from "./figures.ts";
import { benchOf, repetition, site, told, wholeBench } from "./fixtures/told.ts";
import { drawPlot } from "./plot.ts";
import type { BenchResult } from "./results.ts";

const draw = (result: BenchResult): string => drawPlot(result, claims);
const count = (text: string, part: string | RegExp): number => text.split(part).length - 1;
/** The marks in the plot: those of the legend have no text of their own. */
const discs = (svg: string): number => count(svg, /<circle [^>]*><title>/);
const diamonds = (svg: string): number => count(svg, /<path class="mark double[^>]*><title>/);

describe("the axis", () => {
  const axis = logAxis([20, 19_000], 100, 700);

  test("is logarithmic, and holds every time", () => {
    expect(axis.x(100) - axis.x(10)).toBeCloseTo(axis.x(10_000) - axis.x(1000));
    expect(axis.x(10)).toBe(100);
    expect(axis.x(19_000)).toBeLessThan(700);
    expect(axis.ticks).toEqual([10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]);
  });

  test("has fewer lines when their labels would run into each other", () => {
    expect(logAxis([20, 210_000], 100, 540).ticks).toEqual([10, 100, 1000, 10_000, 100_000]);
  });

  test("draws what lies beyond it at its ends", () => {
    expect([axis.x(0), axis.x(1e6)]).toEqual([100, 700]);
  });
});

describe("the plot", () => {
  test("has a mark for every repetition, and none for one that broke off", () => {
    const { figures, ...brokenOff } = repetition({ number: 6 });
    expect(figures).toBeDefined();
    const whole = wholeBench();
    const svg = draw({ ...whole, repetitions: [...whole.repetitions, { ...brokenOff, brokeOff: "no power switch" }] });
    expect(discs(svg)).toBe(whole.repetitions.length);
    expect(diamonds(svg)).toBe(0);
  });

  test("marks where two held the VIP, as a history told it, and says for how long", () => {
    const two = figuresOf(
      told({
        held: [
          ["kube0", 0, 6],
          ["kube1", 2.2, 8],
        ],
      }),
      site,
    );
    const svg = draw(benchOf([repetition({ engine: "keepalived", fault: "engine-frozen" }, two), repetition()]));
    expect(diamonds(svg)).toBe(1);
    expect(discs(svg)).toBe(1);
    expect(svg).toMatch(/keepalived, repetition 1: 6\d\d ms, two holders for 3.80 s/);
    expect(svg).toContain(">3.80 s in 1 of 1 time<");
  });

  test("says that a gap did not end", () => {
    expect(draw(benchOf([repetition({}, { gapMs: 4200, open: true })]))).toContain(">&gt; 4.20 s<");
  });

  test("shows what is claimed in the lanes of lease, and in no other", () => {
    const legend = 1;
    expect(count(draw(wholeBench()), 'class="bound"')).toBe(claims.length + legend);
    expect(count(draw(benchOf([repetition({ engine: "keepalived" })])), 'class="bound"')).toBe(legend);
  });

  test("is one file that needs nothing else: no script, no reference to the outside", () => {
    const svg = draw(wholeBench());
    expect(svg).not.toMatch(/<script|href|url\(|@import/);
    expect(svg).toContain("prefers-color-scheme: dark");
  });

  test("is told to whoever can't see it", () => {
    expect(draw(benchOf([repetition({ fault: "cut-off" }, { gapMs: 340 })]))).toContain(
      '<desc id="d">cut off both ways, lease: median 340 ms, worst 340 ms.</desc>',
    );
  });

  test("is the same for the same results", () => {
    expect(draw(wholeBench())).toBe(draw(wholeBench()));
  });
});
