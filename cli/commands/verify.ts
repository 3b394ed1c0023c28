import { Failure, healthCheckNames } from "@molly/site";
import { liveScenarios, type RandomProps, runSilently, scenarios } from "@molly/verify";
import { Option } from "commander";
import { type LiveOptions, verifyLive } from "../live.ts";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { defaultAlertMinutes, storeOption } from "../records.ts";
import { imagesOption, type ReplicaOptions, withReplica } from "../replica.ts";
import { rerunOf, runScenarios, tellRun } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions, wholeNumberOption, workersOption } from "../site.ts";
import { synthesize } from "../synthesize.ts";

interface Options extends SiteOptions, ReplicaOptions, LiveOptions {
  readonly target: "replica" | "live";
  readonly all?: true;
  readonly soak?: number | true;
  readonly seed?: number;
  readonly list?: true;
}

const names = scenarios.map(({ name }) => name);
/** What must hold: others are there to show that the checks catch what does not. */
const sound = scenarios.filter(({ knownViolations }) => knownViolations === undefined);
const widest = Math.max(...names.map(({ length }) => length));

const defaultSoakMinutes = 10;

await runProgram(({ signal }, done) =>
  command(
    "verify",
    "Run scenarios against the replica and judge them; or look at the live site, changing nothing. Exit codes: 0 holds, 1 violated, 2 bad input, 3 unknown, 4 Molly's own fault.",
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
    .addOption(
      new Option("--target <which>", "the replica, or the site's machines over SSH")
        .choices(["replica", "live"])
        .default("replica"),
    )
    .option("--ssh-config <file>", "live: for `ssh -F`: user, key, jump host of the addresses (default: your own)")
    .option("--kubeconfig <file>", "live: an account that may read (default: each control plane's own, over SSH)")
    .addOption(new Option("--check <names...>", "live: only these checks").choices(healthCheckNames))
    .addOption(new Option("--skip <names...>", "live: all checks but these").choices(healthCheckNames))
    .option("--commit <hash>", "live: what Flux shall have applied (default: what is checked out)")
    .addOption(wholeNumberOption("--within <minutes>", "live: look again until all holds, at most for so long"))
    .option("--disrupt", "live: then break things on purpose, in a maintenance window, each armed to heal by itself")
    .option("--approve <name>", "with --disrupt: who agreed to it, where nobody can be asked")
    .addOption(storeOption())
    .option("--webhook <url>", "live: post alerts there, as Alertmanager takes them")
    .addOption(
      wholeNumberOption("--alerts-for <minutes>", "how long an alert lasts without a next run").default(
        defaultAlertMinutes,
      ),
    )
    .option("--json", "print the result as JSON, nothing else")
    .action(async ({ list, json, ...options }: Options) => {
      if (list) {
        for (const { name, title, core } of scenarios)
          console.log(`${core ? "*" : " "} ${name.padEnd(widest)}  ${title}`);
        console.log("* in every `./molly test`");
        return;
      }
      if (options.target === "live") {
        refuseForLive(options);
        const site = await renderedSite(options);
        const show = json ? runSilently : showSteps;
        return done(await verifyLive({ site, options: { ...options, ...(json ? { json } : {}) }, show, signal }));
      }
      refuseForReplica(options);
      const chosen = chosenOf(options);
      const random = randomOf(options, chosen);
      // Told before anything can go wrong: it is what makes the same again.
      if (random !== undefined && !json) console.log(`Random faults from seed ${random.seed}`);
      await synthesize();
      const site = await renderedSite(options);
      const show = json ? runSilently : showSteps;
      const rerun = [rerunOf("verify", options), ...whichOf(options, chosen, random)].join(" ");
      const run = await withReplica({ site, show, signal, images: options.images }, () =>
        runScenarios({ site, scenarios: chosen, random, rerun, store: options.store, signal, show }),
      );
      tellRun(run, json === true);
      done(run.exitCode);
    }),
);

/** What can't be done on live machines, all at once. */
function refuseForLive({ all, soak, workers, scenario, disrupt, approve, within }: Options): void {
  const known = liveScenarios.map(({ name }) => name);
  const unfit = scenario?.filter((name) => !known.includes(name)) ?? [];
  refuse([
    ...(all || soak !== undefined
      ? ["--all and --soak are for the replica: faults on a live site are chosen one by one."]
      : []),
    ...(workers === undefined ? [] : ["--workers: the live site has those that it has."]),
    ...(unfit.length === 0
      ? []
      : [
          `${unfit.join(", ")}: not on live machines, which can't heal that by themselves. These can: ${known.join(", ")}.`,
        ]),
    ...(scenario !== undefined && !disrupt ? ["--scenario without --disrupt: nothing would be broken."] : []),
    ...(approve !== undefined && !disrupt ? ["--approve without --disrupt: there is nothing to agree to."] : []),
    ...(approve?.trim() === "" ? ["--approve without a name."] : []),
    ...(within !== undefined && disrupt ? ["--within with --disrupt: what is not well is not disturbed."] : []),
  ]);
}

function refuseForReplica(options: Options): void {
  const { sshConfig, kubeconfig, check, skip, commit, within, disrupt, approve, webhook } = options;
  const looked = { "ssh-config": sshConfig, kubeconfig, check, skip, commit, within };
  const given = Object.entries({ ...looked, disrupt, approve, webhook });
  refuse(given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} is for --target live.`])));
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0)
    throw new Failure({
      what: "These options don't go together.",
      seen: problems.join("\n"),
      remedy: "See --help.",
      badInput: true,
    });
}

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
