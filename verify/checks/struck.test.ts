import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import type { FaultStep, Severed } from "../history/operation.ts";
import { apiPaths } from "../observers/paths.ts";
import { isSevered, strikesOf } from "./struck.ts";

const site = loadSites()[0]!;
const silent: FaultStep = {
  ...{ t: 0, process: "molly", f: "fault", type: "info", fault: "any", step: "inject", node: "kube1" },
};
const step = (severs: Severed, more: Partial<FaultStep> = {}): FaultStep => ({ ...silent, severs, ...more });
const severed = (...steps: FaultStep[]): string[] =>
  apiPaths(site)
    .filter((path) => isSevered(path, strikesOf(steps)))
    .map(({ name }) => name);

test.each<[Severed, string[]]>([
  ["nothing", []],
  ["haproxy", ["haproxy@kube1"]],
  ["api", ["api@kube1"]],
  ["node", ["haproxy@kube1", "api@kube1"]],
  ["apis", ["api@kube0", "api@kube1", "api@kube2"]],
  ["everything", apiPaths(site).map(({ name }) => name)],
])("a fault on kube1 that severs %j takes away %j", (severs, paths) => {
  expect(severed(step(severs))).toEqual(paths);
});

test("several faults sever what each of them does", () => {
  expect(severed(step("node"), step("haproxy", { node: "kube2" }))).toEqual([
    "haproxy@kube1",
    "haproxy@kube2",
    "api@kube1",
  ]);
});

test("a heal severs nothing, nor does a fault that tells of nothing", () => {
  expect(severed(step("node", { step: "heal" }), silent)).toEqual([]);
});
