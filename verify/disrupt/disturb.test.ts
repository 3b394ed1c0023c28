import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Site, weekdays } from "@molly/site";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { site as toldSite } from "../bench/fixtures/told.ts";
import { readResult } from "../report/run-folder.ts";
import { fakeCluster, targetOf } from "../scenarios/fixtures/fake-cluster.ts";
import type { Target } from "../target.ts";
import { disturb } from "./disturb.ts";
import { liveScenarios } from "./scenarios.ts";

const windows = weekdays.map((weekday) => ({ weekday, start: "00:00", durationMinutes: 1440 }));
const site: Site = { ...toldSite, maintenance: { timeZone: "UTC", windows } };
const pace = {
  ...{ calmBeforeMs: 30, calmAfterMs: 30, recoveryLimitMs: 4000 },
  ...{ holdersLimitMs: 200, settledWindowMs: 60, lookMs: 10 },
};
const scenario = { ...liveScenarios.find(({ name }) => name === "engine-frozen")!, duringMs: () => 60 };
const head = {
  ...{ format: 1 as const, site: site.name, title: site.title, vip: site.api.vip, target: "a fake" },
  ...{ commit: "0", dirty: false, rerun: "", startedAt: "2026-11-23T00:00:00.000Z" },
};

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "molly-disturb-"))));
afterEach(() => rm(folder, { recursive: true }));

/** A live site that is well, and what was done to it, in short words. */
function liveSite(at: Site = site) {
  const log: string[] = [];
  const plain = targetOf(fakeCluster({ log }), at);
  const done = (): string[] =>
    log.flatMap((line) => {
      if (line.includes("systemd-run")) return ["arm"];
      // The strike names its switch too: it asks for it in the same breath.
      if (line.includes("SIGSTOP")) return ["strike"];
      if (line.includes("molly-heal-")) return ["disarm"];
      if (line.includes("SIGCONT")) return ["heal"];
      return line.match(/molly-roll-out (lock|unlock)/)?.slice(1) ?? [];
    });
  return { target: { ...plain, kind: "live" as const }, done };
}
const props = (target: Target, more: Partial<Parameters<typeof disturb>[0]> = {}) => ({
  ...{ target, scenarios: [scenario], folder, head, pace, signal: new AbortController().signal, ...more },
});

test("under the lock a fault is armed, done, healed and disarmed; its result is kept", async () => {
  const { target, done } = liveSite();
  const result = await disturb(props(target));
  expect(done()).toEqual(["lock", "arm", "strike", "heal", "disarm", "unlock"]);
  expect(await readResult(folder)).toEqual(result);
  expect(result.scenarios.map(({ name, brokeOff }) => [name, brokeOff])).toEqual([["engine-frozen", undefined]]);
});

test("what comes after a scenario that does not hold is left out", async () => {
  const { target } = liveSite();
  // Nobody watches: all that the checks need is missing.
  const blind = { ...target, prober: { ...target.prober, stream: async () => Promise.reject(new Error("no prober")) } };
  const result = await disturb(props(blind, { scenarios: [scenario, { ...scenario, name: "calm" }] }));
  expect(result.scenarios.map(({ name }) => name)).toEqual(["engine-frozen"]);
});

describe("the fault is healed and the lock given back", () => {
  test("when it is interrupted", async () => {
    const { target, done } = liveSite();
    const interrupt = new AbortController();
    const onPhase = (_name: string, phase: string): void => {
      if (phase === "during") interrupt.abort(new Error("interrupted"));
    };
    await expect(disturb(props(target, { signal: interrupt.signal, onPhase }))).rejects.toThrow("interrupted");
    expect(done()).toEqual(["lock", "arm", "strike", "heal", "disarm", "unlock"]);
  });

  test("when it could not be done", async () => {
    const { target, done } = liveSite();
    const run: Target["run"] = async (node, argv, options) =>
      argv.includes("--signal=SIGSTOP")
        ? { exitCode: 1, stdout: "", stderr: "no such unit" }
        : target.run(node, argv, options);
    const result = await disturb(props({ ...target, run }));
    expect(result.scenarios[0]?.brokeOff).toContain("no such unit");
    expect(done()).toEqual(["lock", "arm", "heal", "disarm", "unlock"]);
  });
});

test("without a window nothing is struck", async () => {
  const { target, done } = liveSite({ ...site, maintenance: { timeZone: "UTC", windows: [] } });
  await expect(disturb(props(target))).rejects.toThrow("it has no maintenance window");
  expect(done()).toEqual(["lock", "unlock"]);
});
