import { check } from "prettier";
import { expect, test } from "vitest";
import { judgeClaims } from "./claims.ts";
import { benchOf, repetition, wholeBench } from "./fixtures/told.ts";
import { renderPage } from "./page.ts";
import type { BenchResult } from "./results.ts";

const page = (result: BenchResult): string => renderPage(result, judgeClaims(result));
const row = (text: string, ...cells: readonly string[]): string[] | undefined =>
  text
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .find((found) => cells.every((cell) => found.includes(cell)));

test("has a row for each engine in each fault", () => {
  const text = page(wholeBench());
  expect(text.split("\n").filter((line) => /\| +5 \|/.test(line))).toHaveLength(27);
});

test("tells the median, the 99th percentile and the worst, and how long two held the VIP", () => {
  const gaps = [900, 1000, 1100, 1200, 5000];
  const text = page(
    benchOf(
      gaps.map((gapMs, index) =>
        repetition(
          { engine: "keepalived", number: index + 1 },
          { gapMs, lost: index, twoHoldersMs: index < 2 ? 700 : 0 },
        ),
      ),
    ),
  );
  expect(row(text, "power-off", "keepalived")).toEqual(
    expect.arrayContaining(["5", "1.10 s", "5.00 s", "**1.40 s** in 2, worst 700 ms", "10", "5 of 5"]),
  );
});

test("says which claims hold and which do not", () => {
  const text = page(wholeBench(({ fault }) => ({ gapMs: fault === "hand-over" ? 101 : 90, lost: 0 })));
  expect(row(text, "planned hand-over: worst gap at most 100 ms")).toContain("**does not hold**");
  expect(row(text, "power-off: worst gap at most 1.50 s")).toContain("holds");
});

test("claims nothing of the others", () => {
  const whole = wholeBench();
  const plan = { ...whole.head.plan, engines: ["keepalived"] } as const;
  expect(page({ ...whole, head: { ...whole.head, plan } })).not.toContain("claimed");
});

test("tells of repetitions that broke off, and of those that were not observed all the time", () => {
  const { figures, ...brokenOff } = repetition({ number: 2 });
  expect(figures).toBeDefined();
  const text = page(benchOf([repetition({}, { unseen: ["kube2"] }), { ...brokenOff, brokeOff: "no power switch" }]));
  expect(text).toContain("- **broke off**, and is in no figure: power-off with lease 1.");
  expect(text).toContain("- **not observed all the time**: power-off with lease 1.");
  expect(page(wholeBench())).not.toContain("broke off");
});

test("is formatted as Prettier wants it, with notes and without", async () => {
  for (const result of [wholeBench(), benchOf([repetition({}, { unseen: ["kube2"], twoHoldersMs: 12, open: true })])])
    expect(await check(page(result), { parser: "markdown", printWidth: 120 })).toBe(true);
});
