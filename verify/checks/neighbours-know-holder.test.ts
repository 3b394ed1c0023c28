import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import type { History, Operation } from "../history/operation.ts";
import { tell } from "../history/synthetic.ts";
import { findScenarios } from "../scenarios/index.ts";
import { wellDone } from "./fixtures.ts";
import { neighboursKnowHolder } from "./neighbours-know-holder.ts";

const site = loadSites()[0]!;
const scenario = findScenarios(["holder-killed"])[0]!;
const judged = (history: History) => neighboursKnowHolder.judge(history, { site, scenario });
const whole = tell(wellDone, site);
const [mac0, mac1] = ["02:00:00:00:00:00", "02:00:00:00:00:01"] as const;
const changed = (change: (operation: Operation) => Operation | undefined): History =>
  whole.flatMap((operation) => change(operation) ?? []);
/** kube4's entry for the VIP is another. */
const knowing = (mac: string | undefined): History =>
  changed((operation) => {
    if (operation.f !== "neighbour" || operation.process !== "kube4") return operation;
    const entry = { t: operation.t, process: "kube4", f: "neighbour", type: "info" } as const;
    return mac === undefined ? entry : { ...entry, mac };
  });

test("holds when every entry names the holder", () => {
  expect(judged(whole)).toMatchObject({ verdict: "ok", summary: "All 8 machines know the holder." });
  expect(whole.filter(({ f }) => f === "neighbour")).toContainEqual(expect.objectContaining({ mac: mac1 }));
});

test("is violated by one machine that still takes another for the holder", () => {
  expect(judged(knowing(mac0))).toMatchObject({
    verdict: "violated",
    summary: "kube4 takes kube0 for the holder, it is kube1.",
  });
});

test("does not mind a machine that knows nobody: it asks before it sends", () => {
  expect(judged(knowing(undefined)).verdict).toBe("ok");
});

test("is violated by one answer of another machine's", () => {
  const last = whole.findLast(({ f }) => f === "arp");
  const history = changed((operation) =>
    operation === last ? ({ ...operation, macs: [mac0] } as Operation) : operation,
  );
  expect(judged(history).summary).toBe("kube0 answered, the holder is kube1.");
});

test("is unknown when a machine was not asked, or the run ended before", () => {
  expect(judged(changed((operation) => (operation.f === "neighbour" ? undefined : operation))).verdict).toBe("unknown");
  expect(judged(whole.filter(({ t }) => t < whole[0]!.t + 12_000)).verdict).toBe("unknown");
});

test("asks nothing of a cluster that never was as before: another check tells that", () => {
  const missing = ["kube1 and kube2 hold the VIP"];
  const phases = wellDone.phases.filter(([phase]) => phase !== "calm-after");
  expect(judged(tell({ ...wellDone, phases, missing }, site)).verdict).toBe("ok");
});
