import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareTrees } from "./compare.ts";
import { base } from "./fixtures/base.ts";
import { prepared } from "./fixtures/changes.ts";
import { formats, renderDiff } from "./render/index.ts";
import { renderTerminal } from "./render/terminal.ts";
import { commitOf } from "./fixtures/sides.ts";

const fileName = (name: string): string => `${name.replaceAll(/[^\w]+/g, "-").toLowerCase()}.txt`;

test("thirty changes at least are prepared, each with a name of its own", () => {
  expect(prepared.length).toBeGreaterThanOrEqual(30);
  expect(new Set(prepared.map(({ name }) => fileName(name))).size).toBe(prepared.length);
});

describe.for(prepared)("$name", ({ name, edit, danger, rules, hidden = [], markup = [] }) => {
  const { before, after } = commitOf(base, edit);
  const diff = compareTrees(before, after);

  test("is as dangerous as it is, for these reasons and no others", () => {
    const found = new Set(diff.sites.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
    expect([...found].sort()).toEqual([...rules].sort());
    expect(diff.danger).toBe(danger);
  });

  test("is summarised on one screen", () => {
    const summary = renderTerminal(diff, { colours: false, summaryOnly: true });
    const lines = summary
      .trimEnd()
      .split("\n")
      .map(({ length }) => Math.ceil(length / 120));
    expect(lines.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(24);
  });

  test("is told as expected", async () => {
    await expect(renderTerminal(diff, { colours: false })).toMatchFileSnapshot(
      join(import.meta.dirname, "fixtures/expected", fileName(name)),
    );
  });

  test("no form of it shows what must not be shown, also when the change is undone", () => {
    for (const one of [diff, compareTrees(after, before)])
      for (const format of formats) {
        const text = renderDiff(one, format, { colours: false });
        for (const word of format === "json" ? hidden : [...hidden, ...markup])
          expect(text.includes(word), `${format} shows ${word}`).toBe(false);
      }
  });
});
