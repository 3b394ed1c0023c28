import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { attempt, type LongSuite } from "@molly/verify";
import { root, runs } from "./paths.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What is read of vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

/**
 * Runs one of vitest's projects as a child process. A skipped test counts as failed: nothing here may be skipped. So
 * does a run that says nothing.
 */
export async function runVitest(
  project: "unit" | "replica" | LongSuite,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Counts> {
  const report = join(runs, `vitest-${project}.json`);
  await mkdir(runs, { recursive: true });
  await rm(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { exitCode } = await attempt("vitest", ["run", "--project", project, ...reporters], {
    cwd: root,
    signal,
    env,
    onLine: (line) => console.log(line),
  });
  const text = await readFile(report, "utf8").catch(() => "");
  if (text === "") return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(text) as VitestReport;
  const failed = numFailedTests + numPendingTests;
  const silent = failed === 0 && (exitCode !== 0 || numPassedTests === 0) ? Math.max(1, numFailedTestSuites) : 0;
  return { passed: numPassedTests, failed: failed + silent };
}
