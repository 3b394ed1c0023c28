import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "@molly/site";
import { exitCodeOfJudgements, overall, readResult, writeReports } from "@molly/verify";
import { command, runProgram } from "../program.ts";
import { runsOf, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions } from "../site.ts";

await runProgram((_run, done) =>
  command("report", "Show the last run's verdicts again, and write its HTML page and JUnit file anew.")
    .addOption(siteOption())
    .option("--json", "print the result as JSON")
    .action(async ({ json, ...options }: SiteOptions & { json?: true }) => {
      const site = await renderedSite(options);
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
