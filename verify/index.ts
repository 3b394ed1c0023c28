export * from "./lab/index.ts";
export { checks, judge } from "./checks/judge.ts";
export {
  type Check,
  type CheckName,
  type Evidence,
  type Figure,
  type Judgement,
  type Verdict,
  worst,
} from "./checks/verdict.ts";
export { exitCodeOfJudgements } from "./exit-code.ts";
export { type History, type Operation } from "./history/operation.ts";
export { type Phase } from "./history/phase.ts";
export { type RunOptions, runScenario, type ScenarioOutcome } from "./scenarios/run.ts";
export { restoreTarget } from "./scenarios/restore.ts";
export { findScenarios, type Scenario, scenarios } from "./scenarios/index.ts";
export { type CommandResult, type Prober, type Stream, type Target } from "./target.ts";
export { writeReports, reportNames } from "./report/index.ts";
export { judgementOf, overall, type RunResult, type ScenarioResult } from "./report/result.ts";
export { readHistory, readResult, writeHistory, writeResult } from "./report/run-folder.ts";
export { renderTerminal } from "./report/terminal.ts";
export { type Assignment, assignmentEnvironment } from "./suites/assignment.ts";
