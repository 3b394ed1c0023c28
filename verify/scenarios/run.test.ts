import { setTimeout as pause } from "node:timers/promises";
import { controlPlanes, loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { select } from "../history/operation.ts";
import { phaseIntervals } from "../history/phase.ts";
import type { Target } from "../target.ts";
import { type FakeCluster, fakeCluster, targetOf } from "./fixtures/fake-cluster.ts";
import { runScenario } from "./run.ts";
import type { Act, Scenario } from "./scenario.ts";

const site = loadSites()[0]!;
/** Windows that hold an observer's look, every 10 ms, also on a busy host. */
const pace = {
  ...{ calmBeforeMs: 40, calmAfterMs: 40, recoveryLimitMs: 20_000, holdersLimitMs: 200 },
  ...{ settledWindowMs: 150, lookMs: 10 },
};
/** For what never becomes well. */
const impatient = { ...pace, recoveryLimitMs: 800 };

/** A cluster that is well, except for what `differs` says, as a target that notes what is done to it. */
function fakeTarget(
  differs: Partial<FakeCluster> = {},
): Target & { readonly log: string[]; readonly cluster: FakeCluster } {
  const cluster = fakeCluster(differs);
  return { ...targetOf(cluster, site), log: cluster.log, cluster };
}

/** Notes what is done; `inject` does what the test wants. */
const noting = (log: string[], inject: () => Promise<void> = async () => undefined, name = "fault"): Fault => ({
  ...{ name, title: "something goes wrong", severs: "nothing" },
  aim: async () => "kube0",
  inject: async (_target, node) => {
    log.push(`inject ${name} on ${node}`);
    await inject();
  },
  heal: async (_target, node) => void log.push(`heal ${name} on ${node}`),
});
const scenarioWith = (more: Partial<Scenario>): Scenario => ({
  name: "test",
  title: "A test.",
  duringMs: () => 30,
  bounds: () => ({ vip: 1, others: 1 }),
  ...more,
});
const never = new AbortController().signal;

describe("a scenario", () => {
  test("goes through its phases in order, and records who did what", async () => {
    const target = fakeTarget();
    const { history, brokeOff } = await runScenario(target, scenarioWith({ fault: noting(target.log) }), {
      signal: never,
      pace,
    });
    expect(brokeOff).toBeUndefined();
    expect(phaseIntervals(history).map(({ phase }) => phase)).toEqual([
      "setup",
      "calm-before",
      "fault",
      "during",
      "heal",
      "recovery",
      "calm-after",
    ]);
    expect(select(history, "fault").map(({ step, type }) => `${step} ${type}`)).toEqual([
      "inject info",
      "inject ok",
      "heal info",
      "heal ok",
    ]);
    expect(select(history, "recovery")).toMatchObject([{ type: "ok", missing: [] }]);
    expect(new Set(select(history, "holder").map(({ process }) => process))).toEqual(
      new Set(controlPlanes(site).map(({ name }) => name)),
    );
    expect(target.log).toEqual(["inject fault on kube0", "heal fault on kube0"]);
  });

  test("heals a fault whose injection broke off, and keeps the history", async () => {
    const target = fakeTarget();
    const fault = noting(target.log, () => Promise.reject(new Error("no power switch")));
    const { history, brokeOff } = await runScenario(target, scenarioWith({ fault }), { signal: never, pace });
    expect(brokeOff).toEqual(new Error("no power switch"));
    expect(target.log).toEqual(["inject fault on kube0", "heal fault on kube0"]);
    expect(select(history, "fault")).toContainEqual(
      expect.objectContaining({ step: "inject", type: "fail", detail: "no power switch" }),
    );
    expect(select(history, "api").length).toBeGreaterThan(0);
  });

  test("heals fault and circumstances, in this order, when it is interrupted", async () => {
    const target = fakeTarget();
    const interrupt = new AbortController();
    const fault = noting(target.log, async () => interrupt.abort(new Error("Ctrl-C")));
    const scenario = scenarioWith({
      fault,
      circumstances: noting(target.log, undefined, "circumstances"),
      duringMs: () => 60_000,
    });
    const { brokeOff } = await runScenario(target, scenario, { signal: interrupt.signal, pace });
    expect(brokeOff).toEqual(new Error("Ctrl-C"));
    expect(target.log).toEqual([
      "inject circumstances on kube0",
      "inject fault on kube0",
      "heal fault on kube0",
      "heal circumstances on kube0",
    ]);
  });

  test("does not wait for ever for two holders to become one, and says so", async () => {
    const target = fakeTarget();
    const fault = noting(target.log, async () => void (target.cluster.holders = ["kube1", "kube2"]));
    const { history } = await runScenario(target, scenarioWith({ fault }), { signal: never, pace });
    expect(select(history, "recovery")).toMatchObject([{ type: "fail", missing: ["kube1 and kube2 hold the VIP"] }]);
    expect(phaseIntervals(history).at(-1)?.phase).toBe("recovery");
  });

  test("does not begin on a cluster that is not well; the engine is restarted first when two hold the VIP", async () => {
    const target = fakeTarget({ holders: ["kube1", "kube2"] });
    const { brokeOff } = await runScenario(target, scenarioWith({ fault: noting(target.log) }), {
      signal: never,
      pace: impatient,
    });
    expect(String(brokeOff)).toContain("the cluster was not whole within 0.8 s");
    expect(String(brokeOff)).toContain("kube1 and kube2 hold the VIP");
    expect(target.log.filter((line) => line.includes("molly-vip.service"))).toHaveLength(6);
    expect(target.log).not.toContain("inject fault on kube0");
  });

  test("asks every machine at the end whom it takes for the holder", async () => {
    const { history } = await runScenario(fakeTarget(), scenarioWith({}), { signal: never, pace });
    const asked = select(history, "neighbour").map(({ process }) => process);
    expect(asked.sort()).toEqual(site.machines.map(({ name }) => name).sort());
  });

  test("leaves no observer running", async () => {
    const target = fakeTarget();
    const { history } = await runScenario(target, scenarioWith({}), { signal: never, pace });
    const before = history.length;
    await pause(40);
    expect(history.length).toBe(before);
    expect(select(history, "observer").filter(({ what }) => what === "begin")).toHaveLength(
      select(history, "observer").filter(({ what }) => what === "end").length,
    );
  });
});

describe("a course of several faults", () => {
  const never = new AbortController().signal;
  const course = (...acts: Act[]): Scenario => scenarioWith({ course: () => acts });

  test("is done in its order; what was not healed is healed at the end, the last first", async () => {
    const target = fakeTarget();
    const [a, b, c] = ["a", "b", "c"].map((name) => noting(target.log, undefined, name));
    const scenario = course(
      { act: "inject", fault: a! },
      { act: "inject", fault: b! },
      { act: "heal", fault: a! },
      { act: "await", until: "quorum" },
      { act: "inject", fault: c! },
      { act: "watch", ms: 10 },
    );
    const { history, brokeOff } = await runScenario(target, scenario, { signal: never, pace });
    expect(brokeOff).toBeUndefined();
    expect(target.log.map((line) => line.replace(" on kube0", ""))).toEqual([
      "inject a",
      "inject b",
      "heal a",
      "inject c",
      "heal c",
      "heal b",
    ]);
    expect(select(history, "recovery")).toMatchObject([{ type: "ok" }]);
  });

  test("heals all, also when one heal fails", async () => {
    const target = fakeTarget();
    const stubborn = { ...noting(target.log, undefined, "b"), heal: () => Promise.reject(new Error("no switch")) };
    const fault = noting(target.log, undefined, "a");
    const scenario = course({ act: "inject", fault }, { act: "inject", fault: stubborn });
    const { brokeOff } = await runScenario(target, scenario, { signal: never, pace });
    expect(brokeOff).toEqual(new Error("no switch"));
    expect(target.log).toContain("heal a on kube0");
  });

  test("goes on as soon as there is a holder", async () => {
    const target = fakeTarget();
    const taken = noting(target.log, async () => {
      target.cluster.holders = [];
      setTimeout(() => (target.cluster.holders = ["kube1"]), 100);
    });
    const second: Fault = {
      ...noting(target.log, undefined, "second"),
      aim: async () => target.cluster.holders.join(),
    };
    const scenario = course(
      { act: "inject", fault: taken },
      { act: "await", until: "holder" },
      { act: "inject", fault: second },
    );
    await runScenario(target, scenario, { signal: never, pace });
    expect(target.log).toContain("inject second on kube1");
  });

  test("that waits in vain is left, and what is missing is told", async () => {
    const target = fakeTarget();
    const [a, b] = [
      noting(target.log, async () => void (target.cluster.holders = []), "a"),
      noting(target.log, undefined, "b"),
    ];
    const scenario = course(
      { act: "inject", fault: a },
      { act: "await", until: "quorum" },
      { act: "inject", fault: b },
    );
    const { history } = await runScenario(target, scenario, { signal: never, pace: impatient });
    expect(select(history, "recovery")).toMatchObject([{ type: "fail", missing: ["nobody holds the VIP"] }]);
    expect(target.log).toEqual(["inject a on kube0", "heal a on kube0"]);
  });
});
