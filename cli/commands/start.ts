import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { bringUp, imagesOption, type ReplicaOptions } from "../replica.ts";
import { runScenarios, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions, workersOption } from "../site.ts";
import { synthesize } from "../synthesize.ts";

/** The calm for comparison, then what the site is built to survive. */
const scenarios = ["calm", "holder-killed"];

await runProgram(({ signal }, done) =>
  command("start", "Render the site, bring up its replica, kill the VIP's holder, and show what happened.")
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(imagesOption())
    .action(async (options: SiteOptions & ReplicaOptions) => {
      await synthesize();
      const site = await renderedSite(options);
      await bringUp(site, options, signal);
      const run = await runScenarios({ site, scenarios, rerun: "./molly start", signal, show: showSteps });
      tellRun(run);
      console.log(
        `The replica stays up: \`./molly lab status\`, \`./molly lab shell ${site.machines[0]?.name}\`, \`./molly lab down\`.`,
      );
      done(run.exitCode);
    }),
);
