import { join } from "node:path";
import { aurora } from "@molly/site/fixtures";
import { assignmentEnvironment, down, writeReports } from "@molly/verify";
import { cephImages } from "../ceph.ts";
import { checks } from "../checks.ts";
import { stopOwnEngine } from "../engine.ts";
import { ExitCode, explain } from "../exit.ts";
import { commitOf } from "../commit.ts";
import { root } from "../paths.ts";
import { runName, runsOf } from "../scenarios.ts";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { bringUp, imagesOption, type ReplicaOptions } from "../replica.ts";
import { renderedSite, siteOption, type SiteOptions } from "../site.ts";
import { type Counts, runVitest } from "../vitest.ts";

interface Options extends ReplicaOptions, SiteOptions {
  readonly replica: boolean;
}

/** Two show all that more would: pods cross nodes, and one is left when one goes. Beside it a second site takes its share. */
const testedWorkers = 2;

await runProgram(({ signal }, done) =>
  command("test", "Run every test: static checks, unit tests, and a replica with real daemons.")
    .addOption(siteOption())
    .addOption(imagesOption())
    .option("--no-replica", "only what needs no container engine")
    .action(async (options: Options) => {
      const total = { passed: 0, failed: 0 };
      const add = ({ passed, failed }: Counts): void => {
        total.passed += passed;
        total.failed += failed;
      };
      add(await runChecks(signal));
      add(await runVitest("unit", {}, signal));
      if (options.replica) add(await testReplica(options, signal));
      console.log(`${total.passed} passed, ${total.failed} failed`);
      done(total.failed === 0 ? ExitCode.ok : ExitCode.violated);
    }),
);

async function runChecks(signal: AbortSignal): Promise<Counts> {
  const counts = { passed: 0, failed: 0 };
  for (const { title, remedy, run } of checks) {
    const { passed, output } = await run(signal);
    counts[passed ? "passed" : "failed"]++;
    console.log(`${passed ? "✓" : "✗"} ${title}`);
    if (!passed) console.log(`${output.trim()}\n  do: ${remedy}`);
  }
  return counts;
}

/**
 * This process owns the replicas: vitest is its child, and whatever happens to either, both sites' machines go. The
 * second site is brought up by a test of its own.
 */
async function testReplica(options: Options, signal: AbortSignal): Promise<Counts> {
  const site = await renderedSite({ ...options, workers: testedWorkers });
  const folder = join(runsOf(site.name), runName());
  try {
    await bringUp({ site, images: options.images, show: showSteps, signal });
    const ceph = await cephImages({ site, show: showSteps, signal });
    const assignment = { site, folder, rerun: "./molly test", ceph, ...(await commitOf(root)) };
    const counts = await runVitest("replica", assignmentEnvironment(assignment), signal);
    console.log(`Report of the scenarios: ${await writeReports(folder, site)}`);
    return counts;
  } catch (error) {
    explain(error, signal);
    return { passed: 0, failed: 1 };
  } finally {
    for (const { name } of [site, aurora]) await down({ name });
    await stopOwnEngine();
  }
}
