import { type RandomProps, runSilently, scenarios } from "@molly/verify";
import { Option } from "commander";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { imagesOption, type ReplicaOptions, withReplica } from "../replica.ts";
import { rerunOf, runScenarios, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions, wholeNumberOption, workersOption } from "../site.ts";
import { synthesize } from "../synthesize.ts";

interface Options extends SiteOptions, ReplicaOptions {
  readonly scenario?: readonly string[];
  readonly all?: true;
  readonly soak?: number | true;
  readonly seed?: number;
  readonly list?: true;
  readonly json?: true;
}

const names = scenarios.map(({ name }) => name);
/** What must hold: others are there to show that the checks catch what does not. */
const sound = scenarios.filter(({ knownViolations }) => knownViolations === undefined);
const widest = Math.max(...names.map(({ length }) => length));

const defaultSoakMinutes = 10;

await runProgram(({ signal }, done) =>
  command(
    "verify",
    "Run scenarios against the replica and judge them. Exit codes: 0 holds, 1 violated, 2 bad input, 3 unknown, 4 Molly's own fault.",
  )
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(imagesOption())
    .addOption(new Option("--scenario <names...>", "only these scenarios").choices(names).conflicts(["all", "soak"]))
    .addOption(new Option("--all", "every scenario that must hold, not only the core ones").conflicts("soak"))
    .addOption(
      wholeNumberOption(
        "--soak [minutes]",
        `one random fault after another, for ${defaultSoakMinutes} minutes unless told`,
      ),
    )
    .addOption(wholeNumberOption("--seed <n>", "of the random faults; a new one each time, which the report tells"))
    .option("--list", "list the scenarios")
    .option("--json", "print the result as JSON, nothing else")
    .action(async ({ list, json, ...options }: Options) => {
      if (list) {
        for (const { name, title, core } of scenarios)
          console.log(`${core ? "*" : " "} ${name.padEnd(widest)}  ${title}`);
        console.log("* in every `./molly test`");
        return;
      }
      const chosen = chosenOf(options);
      const random = randomOf(options, chosen);
      // Told before anything can go wrong: it is what makes the same again.
      if (random !== undefined && !json) console.log(`Random faults from seed ${random.seed}`);
      await synthesize();
      const site = await renderedSite(options);
      const show = json ? runSilently : showSteps;
      const rerun = [rerunOf("verify", options), ...whichOf(options, chosen, random)].join(" ");
      const run = await withReplica({ site, show, signal, images: options.images }, () =>
        runScenarios({ site, scenarios: chosen, random, rerun, signal, show }),
      );
      tellRun(run, json === true);
      done(run.exitCode);
    }),
);

function chosenOf({ scenario, all, soak }: Options): readonly string[] {
  if (soak !== undefined) return ["random"];
  return scenario ?? sound.filter(({ core }) => all || core).map(({ name }) => name);
}

/** Undefined when nothing is left to chance. */
function randomOf({ seed, soak }: Options, chosen: readonly string[]): RandomProps | undefined {
  if (!chosen.includes("random")) return undefined;
  const minutes = soak === true ? defaultSoakMinutes : soak;
  return { seed: seed ?? 1 + (Date.now() % 1_000_000), ...(minutes === undefined ? {} : { minutes }) };
}

/** The options that choose the same again. */
function whichOf({ soak }: Options, chosen: readonly string[], random: RandomProps | undefined): string[] {
  const seed = random?.seed === undefined ? [] : [`--seed ${random.seed}`];
  return soak === undefined ? [`--scenario ${chosen.join(" ")}`, ...seed] : [`--soak ${random?.minutes}`, ...seed];
}
