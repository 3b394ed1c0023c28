import { expect, test } from "vitest";
import { repetition } from "./fixtures/told.ts";
import { isWholePlan, nameOf, turnsLeft, turnsOf } from "./plan.ts";
import { benchFaults, engines, type Plan } from "./results.ts";

const plan: Plan = { engines, faults: benchFaults, repetitions: 5, powerOffs: 20, classicPowerOffs: 5, seed: 7 };

test("every fault is done as often as planned, each turn once", () => {
  const turns = turnsOf(plan, "keepalived");
  expect(new Set(turns.map(nameOf)).size).toBe(turns.length);
  for (const fault of benchFaults)
    expect(turns.filter((turn) => turn.fault === fault)).toHaveLength(fault === "power-off" ? 20 : 5);
  expect(turnsOf(plan, "heartbeat-classic")).toHaveLength(45);
});

test("the order is the seed's: the same for every engine, another for another seed", () => {
  const order = (engine: "lease" | "keepalived", seed = plan.seed): string[] =>
    turnsOf({ ...plan, seed }, engine).map(({ fault, number }) => `${fault} ${number}`);
  expect(order("lease")).toEqual(order("keepalived"));
  expect(order("lease")).not.toEqual(order("lease", 8));
  expect(order("lease")).not.toEqual(order("lease").toSorted());
});

test("what is left are the turns without figures: one that broke off is taken again", () => {
  const [first, second, third, ...rest] = turnsOf(plan, "lease");
  const { figures, ...brokenOff } = repetition(second);
  expect(figures).toBeDefined();
  const taken = [
    repetition(first),
    { ...brokenOff, brokeOff: "no power switch" },
    repetition({ ...third, engine: "keepalived" }),
  ];
  expect(turnsLeft(plan, "lease", taken)).toEqual([second, third, ...rest]);
});

test.each<Partial<Plan>>([
  { engines: ["lease"] },
  { faults: ["power-off"] },
  { repetitions: 4 },
  { powerOffs: 19 },
  { classicPowerOffs: 4 },
])("a plan with only %j is not whole", (less) => {
  expect(isWholePlan(plan)).toBe(true);
  expect(isWholePlan({ ...plan, ...less })).toBe(false);
});
