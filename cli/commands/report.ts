import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "@molly/site";
import { exitCodeOfJudgements, overall, readResult, writeReports } from "@molly/verify";
import { tellHistory } from "../history.ts";
import { command, runProgram } from "../program.ts";
import { storeOption } from "../records.ts";
import { runsOf, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions } from "../site.ts";

interface Options extends SiteOptions {
  readonly json?: true;
  readonly history?: true;
  readonly store?: string;
  readonly output?: string;
}

await runProgram((_run, done) =>
  command("report", "Show the last run's verdicts again, and write its HTML page and JUnit file anew.")
    .addOption(siteOption())
    .option("--json", "print the result as JSON")
    .option("--history", "all runs over time, as one page")
    .addOption(storeOption())
    .option("--output <file>", "with --history: where the page goes (default: .molly/<site>/history.html)")
    .action(async ({ json, history, store, output, ...options }: Options) => {
      const site = await renderedSite(options);
      if (history) return tellHistory(site.name, { store, output });
      const results = globSync(join(runsOf(site.name), "*", "result.json"));
      const last = results.sort().at(-1);
      if (last === undefined)
        throw new Failure({
          what: `There is no run of site '${site.name}' yet.`,
          remedy: "Run `./molly start` or `./molly verify`.",
        });
      const folder = dirname(last);
      const result = await readResult(folder);
      const page = await writeReports(folder, site);
      const exitCode = exitCodeOfJudgements([overall(result)]);
      tellRun({ result, page, exitCode }, json === true);
      done(exitCode);
    }),
);
