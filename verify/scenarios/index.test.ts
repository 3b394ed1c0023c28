import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { coreScenarios, findScenarios, scenarios } from "./index.ts";

const site = loadSites()[0]!;

test("no two scenarios have the same name", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test("every test runs the few that tell most", () => {
  expect(coreScenarios).toEqual([
    "calm",
    "apiserver-killed",
    "haproxy-killed",
    "engine-frozen",
    "hand-over",
    "holder-cut-off",
    "holder-killed",
    "seed-files-holder-killed",
  ]);
});

test("with the site's own engine nothing is known to be violated; only the seed's files are", () => {
  const known = scenarios.filter(({ knownViolations, knownConsequences }) => knownViolations ?? knownConsequences);
  expect(known.map(({ name }) => name)).toEqual(["seed-files-holder-killed"]);
});

test("the time to notice a dead holder is the engine's, so its bound is too", () => {
  const [scenario] = findScenarios(["holder-killed"]);
  const boundWith = (vip: Partial<typeof site.vip>): number =>
    scenario!.bounds({ ...site, vip: { ...site.vip, ...vip } }).vip;
  const slow = { ...site.vip.lease, termMs: site.vip.lease.termMs + 700 };
  expect(boundWith({ lease: slow }) - boundWith({})).toBe(700);
  expect(boundWith({ engine: "heartbeat-classic" }) - boundWith({})).toBe(site.heartbeat.deadMs - 1040);
});

test("a scenario that there is not is told with all that there are", () => {
  expect(() => findScenarios(["clam"])).toThrow(/no scenario 'clam'[^]*calm, apiserver-killed/);
});

test("the random one tells its seed and its length", () => {
  expect(findScenarios(["random"], { seed: 42, minutes: 10 })[0]?.title).toBe(
    "One random fault after another for 10 min, seed 42.",
  );
});
