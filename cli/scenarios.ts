import { join } from "node:path";
import { Failure, type Site } from "@molly/site";
import {
  assignmentEnvironment,
  attempt,
  exitCodeOfJudgements,
  overall,
  needsCeph,
  type RandomProps,
  type RunResult,
  readResult,
  recordOfScenarios,
  renderTerminal,
  type StepRunner,
  writeReports,
} from "@molly/verify";
import { cephImages } from "./ceph.ts";
import { commitOf } from "./commit.ts";
import { root, runs } from "./paths.ts";
import { keep } from "./records.ts";
import type { ReplicaOptions } from "./replica.ts";
import type { SiteOptions } from "./site.ts";

export interface ScenariosProps {
  readonly site: Site;
  /** Names. */
  readonly scenarios: readonly string[];
  /** How the scenario `random` is run. */
  readonly random?: RandomProps | undefined;
  /** The command that repeats this run, for the report. */
  readonly rerun: string;
  /** Where the record of the run is kept; default: beside the runs. */
  readonly store?: string | undefined;
  readonly signal: AbortSignal;
  readonly show: StepRunner;
}

export interface Run {
  readonly result: RunResult;
  /** Path of the HTML page. */
  readonly page: string;
  readonly exitCode: number;
}

/** The folder under which every run of a site has one of its own, named by its time: the last is the newest. */
export const runsOf = (site: string): string => join(runs, site, "runs");

/** Names sort by time. A colon would need quoting in a URL. */
export const runName = (): string => new Date().toISOString().replaceAll(":", "-");

/**
 * Runs scenarios as vitest's suites, in a child process, against the replica that this process owns; then writes the
 * reports.
 */
export async function runScenarios({
  site,
  scenarios,
  random,
  rerun,
  store,
  signal,
  show,
}: ScenariosProps): Promise<Run> {
  const folder = join(runsOf(site.name), runName());
  const assignment = {
    site,
    folder,
    rerun,
    ...(await commitOf(root)),
    scenarios: [...scenarios],
    ...(random === undefined ? {} : { random }),
    ...(needsCeph(scenarios) ? { ceph: await cephImages({ site, show, signal }) } : {}),
  };
  let output = "";
  await show(
    [
      {
        title: "Break things on purpose and record what happens",
        run: async (_context, say) => {
          const { stdout, stderr } = await attempt("vitest", ["run", "--project", "verify", "--reporter=default"], {
            cwd: root,
            signal,
            env: assignmentEnvironment(assignment),
            // Phases are logged as "scenario: phase"; the rest is vitest's own report.
            onLine: (line) => void (/^[a-z-]+: /.test(line) && say(line)),
          });
          output = `${stdout}\n${stderr}`;
        },
      },
    ],
    {},
  );
  // The checks' verdicts, not vitest's exit code, tell violated from unknown.
  const result = await readResult(folder).catch(() => undefined);
  const missing = scenarios.filter((name) => !result?.scenarios.some((done) => done.name === name));
  if (result === undefined || missing.length > 0)
    throw new Failure({
      what: `The suites ended before they came to ${missing.join(", ")}.`,
      seen: output.trim().split("\n").slice(-20).join("\n"),
      remedy: "If the host ran out of memory, start fewer workers; otherwise this is a bug of Molly's.",
    });
  const page = await writeReports(folder, site);
  await keep(recordOfScenarios(result), folder, { ...(store === undefined ? {} : { store }) });
  return { result, page, exitCode: exitCodeOfJudgements([overall(result)]) };
}

/** The command that repeats a run with the same options. */
export function rerunOf(name: string, { site, workers, images }: SiteOptions & ReplicaOptions): string {
  const options = [
    `--site ${site}`,
    ...(workers === undefined ? [] : [`--workers ${workers}`]),
    ...(images === "auto" ? [] : [`--images ${images}`]),
  ];
  return `./molly ${name} ${options.join(" ")}`;
}

/** What a person reads at the end of a run, or a program. */
export function tellRun({ result, page }: Run, json: boolean): void {
  if (json) return console.log(JSON.stringify(result, undefined, 2));
  console.log(renderTerminal(result, { colours: process.stdout.isTTY === true }));
  console.log(`  report     ${page}\n`);
}
