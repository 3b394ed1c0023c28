export { changeEngine } from "./change-engine.ts";
export { isWholePlan, turnsLeft } from "./plan.ts";
export { benchEngine } from "./run.ts";
export { type BenchReport, publishBench, writeBenchReport } from "./report.ts";
export { readBench, writeBench } from "./folder.ts";
export {
  type BenchHead,
  benchFaults as benchFaultNames,
  engines as benchEngineNames,
  type Plan as BenchPlan,
} from "./results.ts";
export { summariesOf } from "./statistics.ts";
export { renderBenchTerminal } from "./terminal.ts";
