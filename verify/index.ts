export * from "./lab/index.ts";
export { exitCodeOfJudgements } from "./exit-code.ts";
export { restoreTarget } from "./scenarios/restore.ts";
export { scenarios } from "./scenarios/index.ts";
export { writeReports } from "./report/index.ts";
export { overall, type RunResult } from "./report/result.ts";
export { readResult } from "./report/run-folder.ts";
export { renderTerminal } from "./report/terminal.ts";
export { assignmentEnvironment } from "./suites/assignment.ts";
