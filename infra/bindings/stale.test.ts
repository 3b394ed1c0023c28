import { expect, test } from "vitest";
import { compareBindings, staleBindings } from "./stale.ts";

test("the committed bindings are what the committed schema yields", async () => {
  expect(await staleBindings()).toEqual([]);
});

test("every difference is told, by path", () => {
  const expected = new Map([
    ["a/index.ts", "1"],
    ["b/index.ts", "1"],
    ["c/index.ts", "1"],
  ]);
  const actual = new Map([
    ["a/index.ts", "1"],
    ["b/index.ts", "2"],
    ["d/index.ts", "1"],
  ]);
  expect(compareBindings(expected, actual)).toEqual([
    "b/index.ts: differs from what the schema yields",
    "c/index.ts: missing",
    "d/index.ts: not generated from the schema",
  ]);
});
