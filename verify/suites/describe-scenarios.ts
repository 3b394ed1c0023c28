import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checksOf } from "../checks/judge.ts";
import type { Judgement, Verdict } from "../checks/verdict.ts";
import { replicaTarget } from "../lab/target.ts";
import type { ScenarioResult } from "../report/result.ts";
import { readResult, writeResult } from "../report/run-folder.ts";
import { coreScenarios, findScenarios, type Scenario } from "../scenarios/index.ts";
import { readAssignment } from "./assignment.ts";
import { carryOut } from "./carry-out.ts";
import { cephForSuite } from "./ceph-for-suite.ts";

/** `holds`: every check must say ok. `as known`: also the violations that are known must be found. */
export type Demand = "holds" | "as known";

/** Longer than the longest wait inside a scenario, in milliseconds; a soak's own length comes on top. */
const patienceMs = 900_000;

/**
 * Defines for each scenario one test that carries it out, and one for each check that judges what was recorded. The
 * result is written after each scenario, so that a run that is cut short leaves what it had.
 * @param names default: those that the assignment names, else those of every test
 */
export async function describeScenarios(demand: Demand, names?: readonly string[]): Promise<void> {
  const { site, folder, commit, dirty, rerun, random = {}, ceph, ...assignment } = readAssignment(process.env);
  const timeoutMs = patienceMs + (random.minutes ?? 0) * 60_000;
  const target = await replicaTarget(site);
  const chosen = findScenarios(names ?? assignment.scenarios ?? coreScenarios, random);
  // Another file of the same run may have carried out others.
  const results: ScenarioResult[] = [...((await readResult(folder).catch(() => undefined))?.scenarios ?? [])];
  const head = {
    ...({ format: 1, site: site.name, title: site.title, vip: site.api.vip, target: target.description } as const),
    ...{ commit, dirty, rerun, startedAt: new Date().toISOString() },
  };

  const cephOfSuite = chosen.some(({ cephfs }) => cephfs) ? cephForSuite(target, ceph) : undefined;
  beforeAll(() => cephOfSuite?.up(), patienceMs);
  afterAll(() => cephOfSuite?.down(), patienceMs);

  for (const scenario of chosen)
    describe(scenario.name, () => {
      let verdicts: readonly Verdict[] = [];

      test("is carried out", { timeout: timeoutMs }, async ({ signal }) => {
        const onPhase = (phase: string, detail?: string): void =>
          console.log(`${scenario.name}: ${phase}${detail ? ` (${detail})` : ""}`);
        const beside = scenario.cephfs && cephOfSuite ? { beside: cephOfSuite.beside } : {};
        const { result, brokeOff } = await carryOut(target, scenario, { folder, signal, onPhase, ...beside });
        verdicts = result.verdicts;
        results.push(result);
        await writeResult(folder, { ...head, scenarios: results });
        if (brokeOff !== undefined) throw brokeOff;
      });

      for (const { name, property } of checksOf(scenario))
        test(property, () => {
          const verdict = verdicts.find(({ check }) => check === name);
          expect(demanded(scenario, name, demand), verdict?.summary).toContain(verdict?.verdict ?? "unknown");
        });
    });
}

/**
 * What a host whose processors are all busy violates by itself: a machine that boots beside the others takes them for seconds,
 * a renewal is overdue, an attempt is late. `./molly verify` demands these too; a test that asserts them measures its host.
 */
export const asksForProcessors: readonly Verdict["check"][] = [
  "stays-after-heal",
  "one-holder-when-calm",
  "api-answers-when-calm",
];

function demanded(scenario: Scenario, check: Verdict["check"], demand: Demand): readonly Judgement[] {
  const { knownViolations = {}, knownConsequences = {} } = scenario;
  if (demand === "holds") return ["ok"];
  if (check in knownViolations) return ["violated"];
  return check in knownConsequences || asksForProcessors.includes(check) ? ["ok", "violated"] : ["ok"];
}
