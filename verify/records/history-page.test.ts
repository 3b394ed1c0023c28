import { expect, test } from "vitest";
import { bad, failover, item, record } from "./fixtures/records.ts";
import { rangesOf, renderHistory } from "./history-page.ts";
import type { RunRecord } from "./record.ts";

const series = (count: number, of: (n: number) => RunRecord): RunRecord[] =>
  Array.from({ length: count }, (_, n) => of(n));
const commits = new Map([
  [
    `${"8".padStart(40, "0")}..${"9".padStart(40, "0")}`,
    [{ hash: "9".padStart(40, "0"), subject: "HAProxy <waits> longer" }],
  ],
]);

test("tells first how the last run of each kind went, and what drifts", () => {
  const page = renderHistory([...series(10, (n) => failover(n, 1000 + 60 * n)), bad(11)], new Map());
  const banner = page.slice(page.indexOf("<section"), page.indexOf("</section>"));
  expect(banner).toContain("Prototype Molly: 11 runs from 2026-11-01 to 2026-11-12");
  expect(banner).toContain("1 of 3 checks violated (clocks)");
  expect(banner).toContain("all is well in 1 scenario");
  expect(banner).toMatch(/drifts<\/span> holder-cut-off, vip: longest gap: rose by 540 ms over the last 10 runs/);
  expect(banner).toContain('class="banner violated"');
});

test("a drift is told while every verdict still holds", () => {
  const page = renderHistory(
    series(10, (n) => failover(n, 1000 + 60 * n)),
    new Map(),
  );
  expect(page).toContain('class="banner ok"');
  expect(page).toContain("drifts");
  expect(
    renderHistory(
      series(10, (n) => failover(n, 1000 + (n % 3))),
      new Map(),
    ),
  ).not.toContain("drifts</span>");
});

test("has a cell for every item of every run, and a point for every figure", () => {
  const page = renderHistory(
    series(12, (n) => (n % 4 === 3 ? bad(n) : record(n))),
    new Map(),
  );
  expect(page.match(/<rect class="ok"/g)).toHaveLength(12);
  expect(page.match(/<rect class="violated"/g)).toHaveLength(3);
  expect(page.match(/<rect class="unknown"/g)).toHaveLength(3);
  expect(page.match(/<circle class="point"/g)).toHaveLength(12);
  expect(page.match(/<circle class="point beyond"/g)).toHaveLength(3);
});

test("says what came between two runs, or that nobody knows", () => {
  const records = series(10, (n) => record(n));
  expect(rangesOf(records)).toHaveLength(9);
  const page = renderHistory(records, commits);
  expect(page).toContain("<summary>1 commits</summary>");
  expect(page).toContain("HAProxy &lt;waits&gt; longer");
  expect(page).toContain("this repository does not know what lies between");
});

test("needs nothing from anywhere, and is the same twice", () => {
  const records = [...series(3, (n) => failover(n, 1000)), record(4, { items: [item({ figures: [] })] })];
  const page = renderHistory(records, new Map());
  expect(page).not.toMatch(/<script|https?:\/\/|@import|url\(/);
  expect(renderHistory(records, new Map())).toBe(page);
});

test("a violated look stays on top though Terraform found nothing afterwards", () => {
  const page = renderHistory([bad(0), record(1, { kind: "drift" })], new Map());
  expect(page).toContain('<section class="banner violated">');
  expect(page).toContain("All is well in 1 part".toLowerCase());
});

test("one run is a history too", () => {
  expect(renderHistory([bad(0)], new Map())).toContain("1 run on 2026-11-01");
});
