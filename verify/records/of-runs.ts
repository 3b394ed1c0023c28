import { worst } from "../checks/verdict.ts";
import type { HealthVerdict } from "../health/check.ts";
import { judgementOf, overall, type RunResult, type ScenarioResult } from "../report/result.ts";
import type { RecordHead, RecordItem, RunRecord } from "./record.ts";

/** The record of a run of health checks. */
export const recordOfHealth = (
  head: RecordHead,
  verdicts: readonly HealthVerdict[],
  leftOut: RunRecord["leftOut"],
): RunRecord => ({
  ...{ format: 1, kind: "health", ...head },
  judgement: worst(verdicts.map(({ verdict }) => verdict)),
  items: verdicts.map(({ check, property, verdict, summary, findings, figures }) => ({
    ...{ name: check, title: property, judgement: verdict, summary },
    ...{ findings: [...findings], figures: [...figures] },
  })),
  leftOut: [...leftOut],
});

/** The record of a run of scenarios. */
export function recordOfScenarios(result: RunResult, more: Pick<RecordHead, "approvedBy"> = {}): RunRecord {
  const { site, title, target, commit, dirty, rerun, startedAt, scenarios } = result;
  const durationMs = scenarios.reduce((sum, scenario) => sum + scenario.durationMs, 0);
  return {
    ...{ format: 1, kind: "scenarios", site, title, target, commit, dirty, rerun, startedAt, durationMs, ...more },
    judgement: overall(result),
    items: scenarios.map(itemOf),
    leftOut: [],
  };
}

/** Those whose course over time says something. */
const kept: readonly string[] = ["vip: longest gap", "vip: p50", "vip: p99", "two holders"];

function itemOf(scenario: ScenarioResult): RecordItem {
  const { name, title, verdicts, brokeOff, knownViolations } = scenario;
  const figures = verdicts.flatMap((verdict) => verdict.figures).filter((figure) => kept.includes(figure.name));
  const failed = verdicts.filter(({ verdict }) => verdict !== "ok");
  return {
    ...{ name, title, judgement: judgementOf(scenario) },
    summary: brokeOff ?? failed[0]?.summary ?? verdicts.find(({ check }) => check === "api-gap")?.summary ?? "",
    findings: [
      ...(brokeOff === undefined
        ? []
        : [
            {
              verdict: "unknown" as const,
              where: name,
              cause: `broke off: ${brokeOff}`,
              remedy: "Put that right, then run it again.",
            },
          ]),
      ...failed.map(({ check, verdict, summary }) => ({
        ...{
          verdict: verdict === "violated" ? ("violated" as const) : ("unknown" as const),
          where: `${name}, ${check}`,
          cause: summary,
        },
        remedy: knownViolations[check] ?? "The run's report.html shows the moment; its history lies beside it.",
      })),
    ],
    figures: figures.map((figure) => ({ ...figure })),
  };
}
