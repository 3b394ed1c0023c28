import { describe, expect, test } from "vitest";
import { claims, judgeClaims } from "./claims.ts";
import type { Figures } from "./figures.ts";
import { wholeBench } from "./fixtures/told.ts";
import type { BenchResult, Turn } from "./results.ts";
import { summariesOf } from "./statistics.ts";

/** As claimed: lease is quick, keepalived takes three seconds. */
const good = ({ engine }: Turn): Partial<Figures> => ({ gapMs: engine === "lease" ? 90 : 3000 });
/** The same, with one repetition of one fault different. */
const but = (engine: string, fault: string, differs: Partial<Figures>): BenchResult =>
  wholeBench((turn) => ({
    ...good(turn),
    ...(turn.engine === engine && turn.fault === fault && turn.number === 3 ? differs : {}),
  }));
const notHeld = (bench: BenchResult): string[] =>
  judgeClaims(bench).flatMap(({ claim, verdict }) => (verdict === "ok" ? [] : [`${verdict}: ${claim}`]));

test("all hold when lease did what is claimed of it", () => {
  expect(notHeld(wholeBench(good))).toEqual([]);
});

describe("one repetition is enough to break a claim:", () => {
  test.each(claims)("$fault beyond $gapMs ms", ({ fault, gapMs }) => {
    expect(notHeld(but("lease", fault, { gapMs }))).not.toContainEqual(expect.stringContaining("at most "));
    expect(notHeld(but("lease", fault, { gapMs: gapMs + 1 }))).toContainEqual(
      expect.stringMatching(/^violated: .*at most/),
    );
  });

  test("a gap that never ended", () => {
    expect(notHeld(but("lease", "cut-off", { open: true }))).toEqual([
      "violated: cut off both ways: worst gap at most 1.20 s",
    ]);
  });

  test("two holders, two ARP answers", () => {
    expect(notHeld(but("lease", "cut-off-in", { twoHoldersMs: 1 }))).toEqual([
      "violated: every fault: never two holders",
    ]);
    expect(notHeld(but("lease", "hand-over", { twoAnswers: 1 }))).toEqual([
      "violated: every fault: never two answers to an ARP question",
    ]);
  });

  test("a request lost in a hand-over", () => {
    expect(notHeld(but("lease", "hand-over", { lost: 1 }))).toHaveLength(1);
    expect(notHeld(but("lease", "power-off", { lost: 50 }))).toEqual([]);
  });

  test("a power-off that is more than half as slow as keepalived's worst", () => {
    const quick = wholeBench(({ engine }) => ({ gapMs: engine === "lease" ? 90 : 170 }));
    expect(notHeld(quick)).toEqual(["violated: power-off: worst gap at most half of keepalived's"]);
    expect(notHeld(but("lease", "power-off", { open: true }))).toContain(
      "violated: power-off: worst gap at most half of keepalived's",
    );
  });
});

test("nothing is claimed of the others", () => {
  expect(notHeld(but("keepalived", "cut-off-out", { twoHoldersMs: 4000, twoAnswers: 80, open: true }))).toEqual([]);
});

test("what was not observed all the time is unknown, unless it is violated", () => {
  const unseen = ["Not every control plane was observed all the time."];
  expect(notHeld(but("lease", "haproxy-killed", { unseen }))).toEqual([
    "unknown: every fault: never two holders",
    "unknown: every fault: never two answers to an ARP question",
    "unknown: HAProxy killed: worst gap at most 300 ms",
  ]);
  expect(notHeld(but("lease", "haproxy-killed", { unseen, gapMs: 301 }))).toContain(
    "violated: HAProxy killed: worst gap at most 300 ms",
  );
});

test("what was planned and not measured is unknown; what was not planned is not judged", () => {
  const whole = wholeBench(good);
  const without = { ...whole, repetitions: whole.repetitions.filter(({ fault }) => fault !== "hand-over") };
  expect(notHeld(without)).toEqual([
    "unknown: planned hand-over: worst gap at most 100 ms",
    "unknown: planned hand-over: no request lost by a client that repeats it once",
  ]);
  const faults = without.head.plan.faults.filter((fault) => fault !== "hand-over");
  expect(notHeld({ ...without, head: { ...without.head, plan: { ...without.head.plan, faults } } })).toEqual([]);
  expect(
    judgeClaims({ ...whole, head: { ...whole.head, plan: { ...whole.head.plan, engines: ["keepalived"] } } }),
  ).toEqual([]);
});

test("summaries keep the order of faults and engines, whatever the order of the repetitions", () => {
  const whole = wholeBench(good);
  const reversed = { ...whole, repetitions: whole.repetitions.toReversed() };
  expect(summariesOf(reversed)).toEqual(summariesOf(whole));
});
