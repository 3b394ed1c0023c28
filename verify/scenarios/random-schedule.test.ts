import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deck, randomSchedule } from "./random-schedule.ts";
import type { Act } from "./scenario.ts";

/** As if every wait took 4 s. */
function schedule(seed: number, lengthMs: number): Act[] {
  let elapsed = 0;
  const acts: Act[] = [];
  for (const act of randomSchedule({ seed, lengthMs }, () => elapsed)) {
    acts.push(act);
    elapsed += act.act === "watch" ? act.ms : act.act === "await" ? 4000 : 0;
  }
  return acts;
}
const told = (acts: readonly Act[]): string[] =>
  acts.map((act) =>
    "fault" in act ? `${act.act} ${act.fault.name}` : act.act === "watch" ? `watch ${act.ms}` : act.until,
  );
/** What follows it strikes a new holder. */
const isAwaitHolder = (act: Act | undefined): boolean => act?.act === "await" && act.until === "holder";
const injected = (acts: readonly Act[]): string[] =>
  acts.flatMap((act) => (act.act === "inject" ? [act.fault.name] : []));
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe("a random schedule", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(told(schedule(7, 600_000))).toEqual(told(schedule(7, 600_000)));
    expect(told(schedule(7, 600_000))).not.toEqual(told(schedule(8, 600_000)));
  });

  test("heals every fault that it injects, the last first, before it waits for the cluster", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const open: string[] = [];
        for (const act of schedule(seed, 300_000)) {
          if (act.act === "inject") open.push(act.fault.name);
          if (act.act === "heal") expect(open.pop()).toBe(act.fault.name);
          if (act.act === "await" && act.until === "quorum") expect(open).toEqual([]);
          expect(new Set(open).size).toBe(open.length);
        }
        expect(open).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test("takes no second machine away while one is", () => {
    const away = ["holder-powered-off", "standby-powered-off", "holder-frozen", "etcd-leader-killed"];
    fc.assert(
      fc.property(seeds, (seed) => {
        const acts = schedule(seed, 300_000);
        acts.forEach((act, index) => {
          if (act.act === "inject" && isAwaitHolder(acts[index - 1])) expect(away).not.toContain(act.fault.name);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("does every fault before any comes again", () => {
    const names = injected(schedule(11, 10_000_000).filter((_, index, acts) => !isAwaitHolder(acts[index - 1])));
    for (let round = 0; round + deck.length <= names.length; round += deck.length)
      expect(new Set(names.slice(round, round + deck.length))).toEqual(new Set(deck.map(({ name }) => name)));
  });

  test("begins nothing after its time, and something before", () => {
    expect(schedule(3, 0)).toEqual([]);
    expect(injected(schedule(3, 1)).length).toBeGreaterThan(0);
  });
});
