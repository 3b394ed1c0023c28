import {
  type BenchPlan,
  type BenchReport,
  benchFaultNames,
  benchEngineNames,
  exitCodeOfJudgements,
  renderBenchTerminal,
  runSilently,
  summariesOf,
  writeBenchReport,
} from "@molly/verify";
import { type Command, Option } from "commander";
import { showSteps } from "../progress.ts";
import type { Run } from "../program.ts";
import { imagesOption, type ReplicaOptions } from "../replica.ts";
import { siteOption, type SiteOptions, wholeNumberOption, workersOption } from "../site.ts";
import { benchVip } from "./vip.ts";

interface Options extends SiteOptions, ReplicaOptions, Omit<BenchPlan, "seed"> {
  readonly seed?: number;
  readonly resume?: string;
  readonly plot?: string;
  readonly json?: true;
}

/** `./molly bench vip`. */
export const vipCommand = (vip: Command, { signal }: Run, done: (exitCode: number) => void): Command =>
  vip
    .description(
      "put the three engines of the VIP through the same faults; about an hour. Results go to docs/vip-bench",
    )
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(imagesOption())
    .addOption(
      new Option("--engines <names...>", "only these").choices(benchEngineNames).default(benchEngineNames, "all"),
    )
    .addOption(new Option("--faults <names...>", "only these").choices(benchFaultNames).default(benchFaultNames, "all"))
    .addOption(wholeNumberOption("--repetitions <n>", "of every fault but the power-off").default(5))
    .addOption(wholeNumberOption("--power-offs <n>", "of the power-off").default(20))
    .addOption(wholeNumberOption("--classic-power-offs <n>", "of the power-off with heartbeat-classic").default(5))
    .addOption(wholeNumberOption("--seed <n>", "decides the order of the faults (default: a new one)"))
    .option("--resume <folder>", "go on with a benchmark that was interrupted, by its own plan")
    .option("--plot <folder>", "run nothing: measure and draw anew from what a benchmark recorded")
    .option("--json", "print the figures as JSON, nothing else")
    .action(async ({ plot, json, ...options }: Options) => {
      const show = json ? runSilently : showSteps;
      const report = plot === undefined ? await benchVip({ ...options, show, signal }) : await writeBenchReport(plot);
      tell(report, json === true);
      if (report.verdicts.length > 0) done(exitCodeOfJudgements(report.verdicts.map(({ verdict }) => verdict)));
    });

function tell(report: BenchReport, json: boolean): void {
  if (!json) return console.log(renderBenchTerminal(report));
  const { result, verdicts, page } = report;
  console.log(JSON.stringify({ page, verdicts, summaries: summariesOf(result) }, undefined, 2));
}
