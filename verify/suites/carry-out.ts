import { judge } from "../checks/judge.ts";
import type { ScenarioResult } from "../report/result.ts";
import { writeHistory } from "../report/run-folder.ts";
import { runScenario, type RunOptions } from "../scenarios/run.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Target } from "../target.ts";

export interface CarriedOut {
  readonly result: ScenarioResult;
  /** Why it broke off. */
  readonly brokeOff?: unknown;
}

/** Runs a scenario, keeps its history in a folder and judges it. */
export async function carryOut(
  target: Target,
  scenario: Scenario,
  { folder, ...options }: RunOptions & { readonly folder: string },
): Promise<CarriedOut> {
  const { name, title, knownViolations, knownConsequences } = scenario;
  const started = Date.now();
  const { history, brokeOff } = await runScenario(target, scenario, options);
  const result: ScenarioResult = {
    ...{ name, title, startedAt: new Date(started).toISOString(), durationMs: Date.now() - started },
    history: await writeHistory(folder, name, history),
    verdicts: judge(history, { site: target.site, scenario }),
    knownViolations: { ...knownViolations, ...knownConsequences },
    ...(brokeOff === undefined ? {} : { brokeOff: brokeOff instanceof Error ? brokeOff.message : String(brokeOff) }),
  };
  return { result, ...(brokeOff === undefined ? {} : { brokeOff }) };
}
