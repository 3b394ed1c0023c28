import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { type Story, storyStart, tell } from "../history/synthetic.ts";
import { findScenarios } from "../scenarios/index.ts";
import { wellDone } from "./fixtures.ts";
import { staysAfterHeal } from "./stays-after-heal.ts";

const site = loadSites()[0]!;
const scenario = findScenarios(["holder-killed"])[0]!;
const judged = (change: Partial<Story> = {}, where = site) =>
  staysAfterHeal.judge(tell({ ...wellDone, ...change }, where), { site: where, scenario });
const failedBack: Pick<Story, "held"> = {
  held: [
    ["kube0", 0, 5.2],
    ["kube1", 8.5, 20],
    ["kube0", 20, 35],
  ],
};

test("holds when whoever has the VIP at the heal keeps it", () => {
  expect(judged()).toMatchObject({ verdict: "ok", summary: "It stayed on kube1." });
});

test("is violated by a move back, and tells when", () => {
  expect(judged(failedBack)).toMatchObject({
    verdict: "violated",
    summary: "It was on kube1 when all was healed, then kube0 held the VIP.",
    evidence: [{ from: storyStart + 20_000, to: storyStart + 35_000 }],
  });
});

test("allows a move back that the site wants", () => {
  expect(judged(failedBack, { ...site, vip: { ...site.vip, failback: true } }).verdict).toBe("ok");
});

test.each([
  ["nobody", [["kube0", 0, 5.2] as const, ["kube1", 17, 35] as const]],
  ["more than one", [["kube1", 8, 35] as const, ["kube2", 8, 20] as const]],
])("says nothing when %s held the VIP at the heal", (who, held) => {
  expect(judged({ held })).toMatchObject({ verdict: "ok", summary: `When it was healed, ${who} held the VIP.` });
});
