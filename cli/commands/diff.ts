import { readFile, writeFile } from "node:fs/promises";
import { Failure, messageOf } from "@molly/site";
import {
  assignPlans,
  compareTrees,
  type Danger,
  dangers,
  type Diff,
  type Format,
  formats,
  isAtLeast,
  liveSides,
  type PlanFile,
  rangeOf,
  readCommit,
  readSides,
  readWorkingTree,
  renderDiff,
} from "@molly/verify";
import { Option } from "commander";
import { type ClusterOptions, clusterOptions, withCluster } from "../cluster.ts";
import { ExitCode } from "../exit.ts";
import { root } from "../paths.ts";
import { command, runProgram } from "../program.ts";
import { renderedSite, siteOption, type SiteOptions } from "../site.ts";

/** What says what is compared. */
interface Compared extends SiteOptions, ClusterOptions {
  readonly plan?: readonly string[];
  readonly repository: string;
  readonly live?: true;
}

interface Options extends Compared {
  readonly format: Format;
  readonly out?: string;
  readonly failOn?: Danger;
}

await runProgram((_run, done) => {
  const diff = command(
    "diff",
    "What a change means: machines, objects and host files, between two commits, or a commit and the working tree. Render first: `./molly synth`.",
  )
    .argument("[base]", "a commit, or two: A..B; A...B for what B did since it left A (default: HEAD)")
    .argument("[head]", "a commit; default: the working tree")
    .addOption(new Option("--format <how>", "what is printed").choices(formats).default("terminal"))
    .option("--out <file>", "write it there instead")
    .option("--plan <files...>", "what `terraform show -json PLAN` printed, for what Terraform really does")
    .addOption(
      new Option("--fail-on <danger>", "exit 1 when the danger is this or worse").choices(
        dangers.filter((danger) => danger !== "none"),
      ),
    )
    .addOption(new Option("--repository <folder>", "which repository").default(root, "this one"))
    .addOption(
      new Option(
        "--live",
        "what a sync of BASE (default: the working tree) would change in the live cluster: hand edits, and what was not applied",
      ).conflicts(["plan", "repository"]),
    )
    .addOption(siteOption().helpGroup("With --live:"));
  for (const option of clusterOptions("an account that may patch what is rendered"))
    diff.addOption(option.helpGroup("With --live:"));
  return diff.action(
    async (base: string | undefined, head: string | undefined, { format, out, failOn, ...options }: Options) => {
      if (options.live && head !== undefined) throw twoSides();
      const diff = options.live ? await compareLive(base, options) : await compareCommits(base, head, options);
      const colours = out === undefined && process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
      const text = renderDiff(diff, format, { colours });
      if (out === undefined) process.stdout.write(text);
      else await write(out, text);
      if (failOn !== undefined && isAtLeast(diff.danger, failOn)) done(ExitCode.violated);
    },
  );
});

async function compareCommits(
  base: string | undefined,
  head: string | undefined,
  { plan = [], repository }: Compared,
): Promise<Diff> {
  const [from, to] = await readSides(repository, await rangeOf(repository, base, head));
  return compareTrees(from, to, assignPlans(await Promise.all(plan.map(readPlan)), to.tree));
}

async function compareLive(commit: string | undefined, options: Compared): Promise<Diff> {
  const { repository } = options;
  const side = commit === undefined ? await readWorkingTree(repository) : await readCommit(repository, commit);
  const site = await renderedSite(options);
  const { from, to, findings } = await withCluster(site, options, (kubectl) => liveSides(site.name, side, kubectl));
  return compareTrees(from, to, new Map(), findings);
}

function twoSides(): Failure {
  return new Failure({
    what: "With --live one of the two sides is the cluster.",
    remedy: "Name one commit, or none for the working tree.",
    badInput: true,
  });
}

async function readPlan(file: string): Promise<PlanFile> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw unusable(`${file} can't be read.`, "Name a file.", cause);
  });
  return { file, text };
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: unknown) => {
    throw unusable(`${file} can't be written.`, "Name another.", cause);
  });
}

function unusable(what: string, remedy: string, cause: unknown): Failure {
  return new Failure({ what, seen: messageOf(cause), remedy, badInput: true, cause });
}
