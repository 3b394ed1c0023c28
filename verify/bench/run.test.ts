import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { select } from "../history/operation.ts";
import { phaseIntervals } from "../history/phase.ts";
import { readHistory } from "../report/run-folder.ts";
import { type FakeCluster, fakeCluster, targetOf } from "../scenarios/fixtures/fake-cluster.ts";
import { benchOf, site } from "./fixtures/told.ts";
import { readBench, writeBench } from "./folder.ts";
import { benchFaults, type BenchFaultName, type Turn } from "./results.ts";
import { benchEngine } from "./run.ts";

/** Windows that hold an observer's look, every 10 ms, also on a busy host. */
const pace = {
  ...{ calmBeforeMs: 60, calmAfterMs: 0, faultMs: 200, answeredMs: 150, silenceLimitMs: 20_000 },
  ...{ recoveryLimitMs: 20_000, holdersLimitMs: 60, settledWindowMs: 150, lookMs: 10, lateMs: 20 },
};
/** For what never becomes well. */
const impatient = { ...pace, recoveryLimitMs: 300, silenceLimitMs: 800 };
const never = new AbortController().signal;
const turn = (fault: BenchFaultName, number = 1): Turn => ({ engine: "lease", fault, number });

let folder: string;
let cluster: FakeCluster;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-bench-test-"));
  await writeBench(folder, benchOf([]));
  cluster = fakeCluster({ afterRestart: ["kube2"] });
});
afterEach(() => rm(folder, { recursive: true }));

/** Every fault does the same: silences the VIP and moves it. `inject` does what the test wants besides. */
function faults(inject: () => Promise<void> = async () => undefined): Record<BenchFaultName, Fault> {
  const fault = (name: string): Fault => ({
    ...{ name, title: "something goes wrong", severs: "nothing" },
    aim: async () => cluster.holders[0] ?? "nobody",
    inject: async (_target, node) => {
      cluster.log.push(`inject ${name} on ${node}`);
      await inject();
    },
    heal: async (_target, node) => void cluster.log.push(`heal ${name} on ${node}`),
  });
  return Object.fromEntries(benchFaults.map((name) => [name, fault(name)])) as Record<BenchFaultName, Fault>;
}

const bench = (turns: readonly Turn[], inject?: () => Promise<void>, { signal = never, at = pace } = {}) =>
  benchEngine({
    ...{ target: targetOf(cluster, site), turns, folder, signal, pace: at, faults: faults(inject) },
    say: () => undefined,
  });
const steps = (): string[] => cluster.log.filter((line) => /^(inject|heal)/.test(line));

/** The VIP is silent for a while, then another machine has it. */
async function failover(ms: number): Promise<void> {
  cluster.silent = ["vip"];
  setTimeout(() => Object.assign(cluster, { silent: [], holders: ["kube1"] }), ms);
}

describe("a benchmark", () => {
  test("takes its turns one after another and keeps figures and history of each", async () => {
    await bench([turn("power-off", 1), turn("hand-over", 1)], () => failover(80));
    expect(steps()).toEqual([
      "inject power-off on kube0",
      "heal power-off on kube0",
      "inject hand-over on kube1",
      "heal hand-over on kube1",
    ]);
    const { repetitions } = await readBench(folder);
    expect(repetitions).toMatchObject([
      { fault: "power-off", history: "histories/lease/power-off-01.jsonl.gz", figures: { recovered: true } },
      { fault: "hand-over", history: "histories/lease/hand-over-01.jsonl.gz", figures: { recovered: true } },
    ]);
    for (const { figures, history } of repetitions) {
      expect(figures?.gapMs).toBeGreaterThan(60);
      expect(phaseIntervals(await readHistory(folder, history)).map(({ phase }) => phase)).toEqual([
        "setup",
        "calm-before",
        "fault",
        "during",
        "heal",
        "recovery",
      ]);
    }
  });

  test("heals only when the VIP has answered for a while, or won't", async () => {
    await bench([turn("power-off", 1)], () => failover(300));
    await bench([turn("power-off", 2)], async () => void (cluster.silent = ["vip"]), { at: impatient });
    const [quick, silent] = await Promise.all(
      ["power-off-01", "power-off-02"].map((name) => readHistory(folder, `histories/lease/${name}.jsonl.gz`)),
    );
    const lasted = (history = quick!): number =>
      phaseIntervals(history)
        .filter(({ phase }) => phase === "during")
        .reduce((sum, { from, to }) => sum + to - from, 0);
    expect(lasted()).toBeGreaterThan(300 + pace.answeredMs - 5 * pace.lookMs);
    expect(lasted()).toBeLessThan(pace.silenceLimitMs);
    expect(lasted(silent)).toBeGreaterThan(impatient.silenceLimitMs);
    expect(lasted(silent)).toBeLessThan(6 * impatient.silenceLimitMs);
  });

  test("starts the engine anew everywhere when two hold the VIP before a turn", async () => {
    cluster.holders = ["kube0", "kube1"];
    await bench([turn("hand-over")]);
    const restarts = cluster.log.filter((line) => line.includes("molly-vip.service"));
    expect(restarts.filter((line) => line.includes("systemctl stop"))).toHaveLength(3);
    expect(restarts.filter((line) => line.includes("systemctl start"))).toHaveLength(3);
    expect(steps()).toEqual(["inject hand-over on kube2", "heal hand-over on kube2"]);
  });

  test("does not begin a turn on a cluster that is not ready for it", async () => {
    cluster.withoutEngine.push("kube2");
    await bench([turn("hand-over")], undefined, { at: impatient });
    expect((await readBench(folder)).repetitions).toMatchObject([{ brokeOff: expect.stringContaining("can't begin") }]);
    expect(steps()).toEqual([]);
  });

  test("counts two holders that stay as not recovered, and does not wait for them for long", async () => {
    await bench([turn("cut-off")], async () => void (cluster.holders = ["kube0", "kube1"]));
    const { repetitions } = await readBench(folder);
    expect(repetitions).toMatchObject([{ figures: { recovered: false } }]);
    expect(repetitions[0]?.figures?.twoHoldersMs).toBeGreaterThan(0);
  });
});

describe("when a repetition breaks off", () => {
  test("it is healed, told without figures, and the next one is taken on a target put right", async () => {
    let first = true;
    await bench([turn("power-off"), turn("hand-over")], async () => {
      if (first) {
        first = false;
        throw new Error("no power switch");
      }
    });
    expect(steps()).toEqual([
      "inject power-off on kube0",
      "heal power-off on kube0",
      "inject hand-over on kube2",
      "heal hand-over on kube2",
    ]);
    const { repetitions } = await readBench(folder);
    expect(repetitions).toMatchObject([{ brokeOff: "no power switch" }, { figures: { recovered: true } }]);
    expect(repetitions[0]).not.toHaveProperty("figures");
  });

  test("three in a row end the benchmark", async () => {
    const turns = [1, 2, 3, 4].map((number) => turn("power-off", number));
    await expect(bench(turns, () => Promise.reject(new Error("no power switch")))).rejects.toThrow("no power switch");
    expect((await readBench(folder)).repetitions).toHaveLength(3);
  });

  test("because it is interrupted, it is healed and no result; nothing goes on", async () => {
    const interrupt = new AbortController();
    const inject = async (): Promise<void> => interrupt.abort(new Error("Ctrl-C"));
    await expect(bench([turn("power-off"), turn("hand-over")], inject, { signal: interrupt.signal })).rejects.toThrow(
      "Ctrl-C",
    );
    expect(steps()).toEqual(["inject power-off on kube0", "heal power-off on kube0"]);
    expect((await readBench(folder)).repetitions).toEqual([]);
    const lines = cluster.log.length;
    await pause(50);
    expect(cluster.log).toHaveLength(lines);
  });
});

test("a repetition's history has one fault, though the recording goes on", async () => {
  await bench([turn("power-off", 1), turn("power-off", 2)]);
  const history = await readHistory(folder, "histories/lease/power-off-02.jsonl.gz");
  expect(select(history, "fault").map(({ step, type }) => `${step} ${type}`)).toEqual([
    "inject info",
    "inject ok",
    "heal info",
    "heal ok",
  ]);
  expect(select(history, "recovery")).toHaveLength(1);
});
