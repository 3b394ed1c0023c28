import { join } from "node:path";
import { controlPlanes, Failure, type Site } from "@molly/site";
import {
  describePlan,
  hasWork,
  planRollOut,
  replicaTarget,
  rollOut,
  rollOutAllAtOnce,
  sshTarget,
  status,
} from "@molly/verify";
import { Option } from "commander";
import { sshConfigOption } from "../cluster.ts";
import { commitOf } from "../commit.ts";
import { demandYes } from "../consent.ts";
import { root } from "../paths.ts";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { distOf, renderedSite, siteOption, type SiteOptions, workersOption } from "../site.ts";

interface Options extends SiteOptions {
  readonly target: "replica" | "live";
  readonly sshConfig?: string;
  readonly nodes?: readonly string[];
  readonly dryRun?: true;
  readonly allAtOnce?: true;
  readonly yes?: true;
}

await runProgram(({ signal }) =>
  command(
    "roll-out",
    "Bring the host files of dist/ to running machines, one after another: told before, checked, verified, put back at a failure.",
  )
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(
      new Option("--target <which>", "the replica, or the site's machines over SSH")
        .choices(["replica", "live"])
        .default("replica"),
    )
    .addOption(sshConfigOption())
    .option("--nodes <names...>", "only these machines")
    .option("--dry-run", "only tell what would be done")
    .option(
      "--all-at-once",
      "all control planes together, for what they may not differ in; the VIP is away for some seconds",
    )
    .option("--yes", "do not ask before touching live machines")
    .action(async (options: Options) => {
      const site = await renderedSite(options);
      const { target, close } = await open(site, options);
      try {
        const { nodes, dryRun, allAtOnce } = options;
        const hosts = join(distOf(site.name), "hosts");
        const plan = await planRollOut({ target, hosts, ...(nodes ? { nodes } : {}) });
        console.log(`${await origin(site)}\n${target.description}\n\n${describePlan(plan)}\n`);
        if (!plan.nodes.some(hasWork)) return console.log("Every machine is as rendered.");
        if (dryRun) return;
        if (target.kind === "live") await demandConsent(site, options, signal);
        const props = { target, show: showSteps, signal };
        if (allAtOnce) await rollOutAllAtOnce({ ...props, plan });
        const workers = plan.nodes.filter(({ machine }) => machine.role === "worker");
        await rollOut({ ...props, plan: allAtOnce ? { nodes: workers, disagreements: [] } : plan });
        console.log("Rolled out and verified.");
      } catch (error) {
        // How an interruption left the machines matters more than that it was one.
        if (signal.aborted && error instanceof Failure) console.error(error.message);
        throw error;
      } finally {
        await close();
      }
    }),
);

/** What is rolled out is what people reviewed: dist/ as it stands, not rendered anew. */
async function origin({ name }: Site): Promise<string> {
  const { commit, dirty } = await commitOf(root);
  return `dist/${name}/hosts of commit ${commit.slice(0, 12)}${dirty ? ", with changes that are not committed" : ""}`;
}

async function open(site: Site, { target, sshConfig, nodes }: Options) {
  if (target === "live") {
    // Whichever machines are changed, the control planes are asked whether all is well.
    const asked = controlPlanes(site).map(({ name }) => name);
    const live = await sshTarget({
      site,
      ...(nodes ? { nodes: [...new Set([...asked, ...nodes])] } : {}),
      configFile: sshConfig || undefined,
    });
    return { target: live, close: () => live.close() };
  }
  const down = (await status(site)).filter(({ container }) => container !== "running").map(({ name }) => name);
  if (down.length > 0)
    throw new Failure({
      what: `The replica of site '${site.name}' is not up: ${down.join(", ")}.`,
      remedy: "Bring it up with `./molly lab up`; `--workers` when it has fewer.",
    });
  return { target: await replicaTarget(site), close: async () => undefined };
}

async function demandConsent({ name }: Site, { yes }: Options, signal: AbortSignal): Promise<void> {
  if (yes) return;
  const question = `Do this on the live machines of site '${name}'?`;
  const remedy = "Say --yes on the command line.";
  await demandYes({ question, before: "before live machines are touched", remedy, signal });
}
