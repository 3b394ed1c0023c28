import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  accessFrom,
  artifactOf,
  faultMinutes,
  findingOf,
  findReviewed,
  GitHub,
  keepComment,
  keepIncident,
  runAddress,
  setOutputs,
  type Subject,
  subjects,
  tellJob,
  workflowFiles,
} from "@molly/forge";
import { Failure } from "@molly/site";
import { parseRecord, type RunRecord, windowAt } from "@molly/verify";
import { Option } from "commander";
import { commitOf } from "../commit.ts";
import { root } from "../paths.ts";
import { command, runProgram } from "../program.ts";
import { runsOf } from "../scenarios.ts";
import { renderedSite, siteOption, type SiteOptions, wholeNumberOption } from "../site.ts";

const { env } = process;

await runProgram(() => {
  const github = command(
    "github",
    "What the workflows do on GitHub: GITHUB_REPOSITORY and GITHUB_TOKEN say where and with what right.",
  ).enablePositionalOptions();

  github
    .command("comment")
    .description("keep one comment on a pull request: made the first time, changed ever after")
    .addOption(wholeNumberOption("--pull-request <number>", "which").makeOptionMandatory())
    .addOption(siteOption())
    .requiredOption("--body <files...>", "Markdown; the first of these files that is there")
    .action(async ({ pullRequest, site, body }: { pullRequest: number; site: string; body: string[] }) => {
      // One for each site: what Terraform will do differs.
      const text = (await firstOf(body)).replace(/^<!-- ([\w-]+) -->/, `<!-- $1:${site} -->`);
      console.log(await keepComment(new GitHub(accessFrom(env)), pullRequest, text));
    });

  github
    .command("reviewed")
    .description("which run keeps the plans that were reviewed for what is checked out; sets the outputs run and since")
    .addOption(siteOption())
    .option("--commit <hash>", "what was merged (default: what is checked out)")
    .action(async ({ site, commit }: SiteOptions & { commit?: string }) => {
      const access = accessFrom(env);
      const { run, since, told } = await findReviewed(new GitHub(access), {
        ...{
          repository: access.repository,
          commit: commit ?? (await commitOf(root)).commit,
          artifact: artifactOf(site),
        },
        ...{ planning: workflowFiles.pullRequest, applying: workflowFiles.apply(site) },
      });
      const applied =
        since === undefined ? "Nothing was ever applied by a workflow." : `Applied so far: ${since.slice(0, 12)}.`;
      console.log(`${told} ${applied}`);
      await tellJob(`${told} ${applied}`, env);
      await setOutputs({ run: run === undefined ? "" : String(run), since: since ?? "" }, env);
    });

  github
    .command("incident")
    .description("open an issue when the run that just ended found something, and close it when all is well again")
    .addOption(siteOption())
    .addOption(new Option("--about <subject>", "which run").choices(Object.keys(subjects)).makeOptionMandatory())
    .option("--outcome <outcome>", "how that run ended: success, failure, cancelled or skipped")
    .action(async ({ site, about, outcome }: SiteOptions & { about: Subject; outcome?: string }) => {
      const finding = findingOf(about === "apply" ? undefined : await lastRecord(site), about, outcome);
      const told = await keepIncident(new GitHub(accessFrom(env)), {
        site,
        subject: about,
        finding,
        run: runAddress(env),
      });
      console.log(`${finding.headline} ${told}`);
    });

  github
    .command("window")
    .description("whether the site's maintenance window is open long enough for the usual faults; sets the output open")
    .addOption(siteOption())
    .action(async (options: SiteOptions) => {
      const site = await renderedSite(options);
      const state = windowAt(site.maintenance, Date.now());
      const needed = faultMinutes(site);
      const open = state.open && state.minutesLeft >= needed;
      const told = state.open
        ? `The window of ${site.name} is open for ${state.minutesLeft} min; the faults may take ${needed}.`
        : `No window of ${site.name} is open.`;
      console.log(told);
      await tellJob(`${told}${open ? "" : " Nothing was disturbed."}`, env);
      await setOutputs({ open: String(open) }, env);
    });
  return github;
});

async function firstOf(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Failure({
    what: `There is none of ${files.join(", ")}.`,
    remedy: "Write one: `./molly plan --since BASE`, or `./molly diff BASE --format markdown --out FILE`.",
    badInput: true,
  });
}

/** Of this checkout: undefined when no run came to its end here. */
async function lastRecord(site: string): Promise<RunRecord | undefined> {
  const last = globSync(join(runsOf(site), "*", "record.json"))
    .sort()
    .at(-1);
  return last === undefined ? undefined : parseRecord(await readFile(last, "utf8"));
}
