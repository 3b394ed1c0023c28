import { expect, test } from "vitest";
import { exitCodeOfJudgements } from "./exit-code.ts";

test.each([
  [["ok", "ok"], 0],
  [["ok", "violated", "unknown"], 1],
  [["ok", "unknown"], 3],
  [[], 3],
] as const)("%j ends with %i", (judgements, code) => {
  expect(exitCodeOfJudgements(judgements)).toBe(code);
});
