import { runSilently } from "@molly/verify";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { imagesOption, type ReplicaOptions, withReplica } from "../replica.ts";
import { rerunOf, runScenarios, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions, workersOption } from "../site.ts";
import { synthesize } from "../synthesize.ts";

/** The calm for comparison, then what the site is built to survive. */
const scenarios = ["calm", "holder-killed"];

await runProgram(({ signal }, done) =>
  command("start", "Render the site, bring up its replica, kill the VIP's holder, and show what happened.")
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(imagesOption())
    .option("--json", "print the result as JSON, nothing else")
    .action(async ({ json, ...options }: SiteOptions & ReplicaOptions & { json?: true }) => {
      await synthesize();
      const site = await renderedSite(options);
      const show = json ? runSilently : showSteps;
      const rerun = rerunOf("start", options);
      const run = await withReplica({ site, show, signal, images: options.images }, () =>
        runScenarios({ site, scenarios, rerun, signal, show }),
      );
      tellRun(run, json === true);
      if (!json)
        console.log(
          `The replica stays up: \`./molly lab status\`, \`./molly lab shell ${site.machines[0]?.name}\`, \`./molly lab down\`.`,
        );
      done(run.exitCode);
    }),
);
