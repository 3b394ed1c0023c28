import { runSilently, scenarios as all } from "@molly/verify";
import { Option } from "commander";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { imagesOption, type ReplicaOptions, withReplica } from "../replica.ts";
import { rerunOf, runScenarios, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions, workersOption } from "../site.ts";
import { synthesize } from "../synthesize.ts";

interface Options extends SiteOptions, ReplicaOptions {
  readonly scenario?: readonly string[];
  readonly list?: true;
  readonly json?: true;
}

const names = all.map(({ name }) => name);

await runProgram(({ signal }, done) =>
  command(
    "verify",
    "Run scenarios against the replica and judge them. Exit codes: 0 holds, 1 violated, 2 bad input, 3 unknown, 4 Molly's own fault.",
  )
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(imagesOption())
    .addOption(new Option("--scenario <names...>", "only these scenarios").choices(names))
    .option("--list", "list the scenarios")
    .option("--json", "print the result as JSON, nothing else")
    .action(async ({ scenario: chosen = names, list, json, ...options }: Options) => {
      if (list) {
        for (const { name, title } of all) console.log(`${name.padEnd(26)} ${title}`);
        return;
      }
      await synthesize();
      const site = await renderedSite(options);
      const show = json ? runSilently : showSteps;
      const rerun = `${rerunOf("verify", options)} --scenario ${chosen.join(" ")}`;
      const run = await withReplica({ site, show, signal, images: options.images }, () =>
        runScenarios({ site, scenarios: chosen, rerun, signal, show }),
      );
      tellRun(run, json === true);
      done(run.exitCode);
    }),
);
