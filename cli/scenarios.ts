import { join } from "node:path";
import type { Site } from "@molly/site";
import {
  assignmentEnvironment,
  attempt,
  exitCodeOfJudgements,
  overall,
  type RunResult,
  readResult,
  renderTerminal,
  type StepRunner,
  writeReports,
} from "@molly/verify";
import { commitOf } from "./commit.ts";
import { root, runs } from "./paths.ts";

export interface ScenariosProps {
  readonly site: Site;
  /** Names; every scenario when left out. */
  readonly scenarios?: readonly string[];
  /** The command that repeats this run, for the report. */
  readonly rerun: string;
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
export async function runScenarios({ site, scenarios, rerun, signal, show }: ScenariosProps): Promise<Run> {
  const folder = join(runsOf(site.name), runName());
  const assignment = {
    site,
    folder,
    rerun,
    ...(await commitOf(root)),
    ...(scenarios ? { scenarios: [...scenarios] } : {}),
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
  const result = await readResult(folder).catch((cause: unknown) => {
    throw new Error(`The suites ended without a result:\n${output}`, { cause });
  });
  const page = await writeReports(folder, site);
  return { result, page, exitCode: exitCodeOfJudgements([overall(result)]) };
}

/** What a person reads at the end of a run. */
export function tellRun({ result, page }: Run): void {
  console.log(renderTerminal(result, { colours: process.stdout.isTTY === true }));
  console.log(`  report     ${page}\n`);
}
