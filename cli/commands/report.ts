import { readdir } from "node:fs/promises";
import { join } from "node:path";
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
      const all = await readdir(runsOf(site.name)).catch(() => []);
      const last = all.sort().at(-1);
      if (last === undefined)
        throw new Failure({
          what: `There is no run of site '${site.name}' yet.`,
          remedy: "Run `./molly start` or `./molly verify`.",
        });
      const folder = join(runsOf(site.name), last);
      const result = await readResult(folder);
      const page = await writeReports(folder, site);
      const exitCode = exitCodeOfJudgements([overall(result)]);
      if (json) console.log(JSON.stringify(result, undefined, 2));
      else tellRun({ result, page, exitCode });
      done(exitCode);
    }),
);
