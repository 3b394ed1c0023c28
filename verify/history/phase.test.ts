import { expect, test } from "vitest";
import type { Operation } from "./operation.ts";
import { calmIntervals, judgedInterval, type Phase, phaseIntervals } from "./phase.ts";

const mark = (phase: Phase, t: number): Operation => ({ t, process: "molly", f: "phase", type: "info", phase });
const run = [
  mark("setup", 0),
  mark("calm-before", 10),
  mark("fault", 20),
  mark("calm-after", 40),
  mark("teardown", 50),
  mark("end", 60),
];

test("a phase lasts to the next mark", () => {
  expect(phaseIntervals(run)).toContainEqual({ phase: "fault", from: 20, to: 40 });
  expect(calmIntervals(run).map(({ from, to }) => [from, to])).toEqual([
    [10, 20],
    [40, 50],
  ]);
});

test("what is judged leaves out how the circumstances were made and unmade", () => {
  expect(judgedInterval(run)).toEqual({ from: 10, to: 50 });
});

test("nothing is judged when the cluster never was calm", () => {
  expect(judgedInterval([mark("setup", 0), mark("end", 9)])).toBeUndefined();
});

test("a history that breaks off ends with its last operation", () => {
  expect(
    judgedInterval([
      mark("calm-before", 10),
      mark("fault", 20),
      { ...mark("fault", 33), f: "note", text: "" } as Operation,
    ]),
  ).toEqual({ from: 10, to: 33 });
});
