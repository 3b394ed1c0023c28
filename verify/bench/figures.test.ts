import { describe, expect, test } from "vitest";
import type { Operation } from "../history/operation.ts";
import { figuresOf } from "./figures.ts";
import { site, storyStart, told } from "./fixtures/told.ts";

/** The told attempts are 20 ms apart, and answered within some milliseconds, now and then 25. */
const about = (ms: number): unknown => expect.closeTo(ms, -2);

describe("of a repetition", () => {
  test("the gap is what the fault made, from the last answer before to the first after", () => {
    expect(figuresOf(told(), site)).toMatchObject({ gapMs: about(620), healGapMs: about(20), open: false, unseen: [] });
  });

  test("a hiccup before the fault is not held against the engine", () => {
    const history = told({
      down: [
        ["vip", 0.2, 0.9],
        ["vip", 1, 1.3],
      ],
    });
    expect(figuresOf(history, site)).toMatchObject({ gapMs: about(320), healGapMs: about(20) });
  });

  test("a second outage after the heal is told apart", () => {
    const history = told({
      down: [
        ["vip", 1, 1.3],
        ["vip", 6, 6.8],
      ],
    });
    expect(figuresOf(history, site)).toMatchObject({ gapMs: about(320), healGapMs: about(820) });
  });

  test("a gap that only the heal ended is counted whole", () => {
    expect(figuresOf(told({ down: [["vip", 1, 5.6]] }), site)).toMatchObject({
      gapMs: about(4620),
      healGapMs: about(20),
      open: false,
    });
  });

  test("a gap that nothing ended is open", () => {
    expect(figuresOf(told({ down: [["vip", 1, 8]] }), site)).toMatchObject({ open: true });
  });

  test("a failed attempt is lost when a second try failed too", () => {
    expect(figuresOf(told({ down: [["vip", 1, 1.1]] }), site)).toMatchObject({ lost: 0 });
    expect(figuresOf(told({ down: [["vip", 1, 3]] }), site)?.lost).toBeGreaterThan(0);
  });

  test("other paths' failures are not the VIP's", () => {
    expect(figuresOf(told({ down: [["api@kube0", 1, 5]] }), site)).toMatchObject({ gapMs: about(20), lost: 0 });
  });
});

describe("two holders", () => {
  test("are counted once, however many pairs there are", () => {
    const history = told({
      held: [
        ["kube0", 0, 8],
        ["kube1", 2, 4],
        ["kube2", 3, 6],
      ],
    });
    expect(figuresOf(history, site)).toMatchObject({ twoHoldersMs: 4000, twoAnswers: 80 });
  });

  test("count also after the heal, to the very end", () => {
    const history = told({
      held: [
        ["kube0", 0, 8],
        ["kube1", 5.5, 8],
      ],
    });
    expect(figuresOf(history, site)).toMatchObject({ twoHoldersMs: 2500 });
  });

  test("are not counted where nobody saw whether the first had let go; that is told", () => {
    const blind = told().filter(({ f, process, t }) => f !== "holder" || process !== "kube0" || t <= storyStart + 1000);
    expect(figuresOf(blind, site)).toMatchObject({
      twoHoldersMs: 0,
      unseen: ["Not every control plane was observed all the time."],
    });
  });

  test("are none where one follows the other", () => {
    expect(figuresOf(told(), site)).toMatchObject({ twoHoldersMs: 0, twoAnswers: 0 });
  });
});

describe("what was not observed is told", () => {
  test("of a control plane", () => {
    const blind = told().filter(({ f, process }) => f !== "holder" || process !== "kube2");
    expect(figuresOf(blind, site)?.unseen).toEqual(["Not every control plane was observed all the time."]);
  });

  test("of a prober that was held up", () => {
    const skipped = told().map((operation): Operation =>
      operation.f === "api" && operation.path === "vip" && Math.abs(operation.t - storyStart - 1300) < 100
        ? { ...operation, type: "unknown", outcome: "skipped" }
        : operation,
    );
    expect(figuresOf(skipped, site)?.unseen).toEqual(["9 attempts on the VIP were skipped."]);
  });

  test("of a gap in which nobody tried", () => {
    const untried = told({ down: [] }).filter(
      ({ f, t }) => f !== "api" || t < storyStart + 2000 || t > storyStart + 3000,
    );
    expect(figuresOf(untried, site)).toMatchObject({
      gapMs: about(1040),
      unseen: ["Nobody tried the VIP in its longest gap."],
    });
  });
});

test("without a fault there are no figures", () => {
  expect(
    figuresOf(
      told().filter(({ f }) => f !== "fault"),
      site,
    ),
  ).toBeUndefined();
});

test("whether all was as before is what the repetition found", () => {
  expect(figuresOf(told(), site)).toMatchObject({ recovered: true });
  expect(figuresOf(told({ missing: ["kube1 and kube2 hold the VIP"] }), site)).toMatchObject({ recovered: false });
});
