import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { fromJsonLines, toJsonLines } from "./jsonl.ts";
import { tell } from "./synthetic.ts";

test("a history survives being written and read", () => {
  const [site] = loadSites();
  const history = tell(
    {
      phases: [
        ["calm-before", 0],
        ["end", 1],
      ],
      held: [["kube0", 0, 1]],
    },
    site!,
  );
  expect(history.length).toBeGreaterThan(50);
  expect(fromJsonLines(toJsonLines(history))).toEqual(history);
});

test("a line that is no JSON is named by its number", () => {
  expect(() => fromJsonLines('{"t":1}\n{"t":')).toThrow('Line 2 of the history is not JSON: {"t":');
});
