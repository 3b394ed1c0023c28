import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { benchOf, figures, repetition, told } from "./fixtures/told.ts";
import { addRepetition, readBench, storeHistory, writeBench } from "./folder.ts";
import { publishBench, writeBenchReport } from "./report.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-bench-test-"));
  await writeBench(folder, benchOf([]));
});
afterEach(() => rm(folder, { recursive: true }));

/** keepalived, frozen for four seconds: both have the VIP until it thaws. */
const caught = told({
  held: [
    ["kube0", 0, 6],
    ["kube1", 2.2, 8],
  ],
});

test("figures come from the histories, not from what was noted when they were recorded", async () => {
  const history = await storeHistory(folder, "keepalived/engine-frozen-01", caught);
  await addRepetition(folder, { ...repetition({ engine: "keepalived", fault: "engine-frozen" }), history });
  const { result, page } = await writeBenchReport(folder);
  const expected = { gapMs: expect.closeTo(620, -2) as number, twoHoldersMs: 3800, twoAnswers: 76 };
  expect(result.repetitions).toMatchObject([{ figures: expected }]);
  expect((await readBench(folder)).repetitions).toMatchObject([{ figures: expected }]);
  expect(await readFile(page, "utf8")).toContain("**3.80 s** in 1, worst 3.80 s");
  expect(await readFile(join(folder, "plot.svg"), "utf8")).toContain('class="mark double keepalived"');
});

test("a repetition that broke off gets no figures, though it has a history", async () => {
  const history = await storeHistory(folder, "lease/power-off-01", told());
  const { figures: none, ...brokenOff } = repetition();
  expect(none).toEqual(figures());
  await addRepetition(folder, { ...brokenOff, history, brokeOff: "no power switch" });
  const [first] = (await writeBenchReport(folder)).result.repetitions;
  expect(first).toMatchObject({ brokeOff: "no power switch" });
  expect(first).not.toHaveProperty("figures");
});

test("what is published takes the place of what was there", async () => {
  const to = join(folder, "published");
  const from = join(folder, "new");
  await writeBench(to, benchOf([]));
  await writeFile(join(to, "old.svg"), "");
  await writeBench(from, benchOf([repetition()]));
  await storeHistory(from, "lease/power-off-01", told());
  await publishBench(from, to);
  expect((await readdir(to, { recursive: true })).sort()).toEqual([
    "histories",
    "histories/lease",
    "histories/lease/power-off-01.jsonl.gz",
    "results.jsonl",
  ]);
});

test.each([
  ["no folder", "absent", undefined],
  ["another file", "other", "{}\n"],
  ["no JSON", "other", "?\n"],
])("%s is told as bad input", async (_, name, text) => {
  const path = join(folder, name);
  if (text !== undefined) await writeBench(path, benchOf([])).then(() => writeFile(join(path, "results.jsonl"), text));
  await expect(writeBenchReport(path)).rejects.toMatchObject({ name: "Failure", badInput: true });
});
