import { readFile, writeFile } from "node:fs/promises";
import { Failure } from "@molly/site";
import {
  assignPlans,
  compareTrees,
  type Danger,
  dangers,
  type Format,
  formats,
  isAtLeast,
  type PlanFile,
  rangeOf,
  readSides,
  renderDiff,
} from "@molly/verify";
import { Option } from "commander";
import { ExitCode } from "../exit.ts";
import { root } from "../paths.ts";
import { command, runProgram } from "../program.ts";

interface Options {
  readonly format: Format;
  readonly out?: string;
  readonly plan?: readonly string[];
  readonly failOn?: Danger;
  readonly repository: string;
}

await runProgram((_run, done) =>
  command(
    "diff",
    "What a change means: machines, objects and host files, between two commits, or a commit and the working tree. Render first: `./molly synth`.",
  )
    .argument("[base]", "a commit, or two: A..B; A...B for what B did since it left A", "HEAD")
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
    .action(async (base: string, head: string | undefined, { format, out, plan = [], failOn, repository }: Options) => {
      const [from, to] = await readSides(repository, await rangeOf(repository, base, head));
      const diff = compareTrees(from, to, assignPlans(await Promise.all(plan.map(readPlan)), to.tree));
      const colours = out === undefined && process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
      const text = renderDiff(diff, format, { colours });
      if (out === undefined) process.stdout.write(text);
      else await write(out, text);
      if (failOn !== undefined && isAtLeast(diff.danger, failOn)) done(ExitCode.violated);
    }),
);

async function readPlan(file: string): Promise<PlanFile> {
  try {
    return { file, text: await readFile(file, "utf8") };
  } catch (cause) {
    throw new Failure({
      what: `${file} can't be read.`,
      seen: told(cause),
      remedy: "Name a file.",
      badInput: true,
      cause,
    });
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new Failure({
      what: `${file} can't be written.`,
      seen: told(cause),
      remedy: "Name another.",
      badInput: true,
      cause,
    });
  }
}

// Not a constant: that would not be there yet while the awaited call above runs.
function told(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
