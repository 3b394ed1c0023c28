import { expect, test } from "vitest";
import { scenarios } from "../scenarios/index.ts";
import { deck } from "../scenarios/random-schedule.ts";
import { clocksApart } from "./clocks-apart.ts";
import type { Fault } from "./fault.ts";
import { fakeTarget } from "./fixtures/fake-target.ts";
import { restarted } from "./power.ts";

const all: readonly Fault[] = [
  ...new Set([
    ...deck,
    ...scenarios.flatMap(({ fault, circumstances }) => [fault, circumstances].filter((one) => one !== undefined)),
    restarted("kube1"),
  ]),
];

test("no two faults have the same name", () => {
  const names = all.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each(all.map((fault) => [fault.name, fault] as const))(
  "%s can be healed although it was never injected",
  async (_name, fault) => {
    await fault.heal(fakeTarget(), "kube0");
  },
);

test("clocks that were never changed cost no restart of the engine", async () => {
  const target = fakeTarget();
  await clocksApart.heal(target, "kube0");
  expect(target.asked.map(({ argv }) => argv.join(" ")).join("\n")).not.toMatch(/systemctl (stop|start)/);
});
