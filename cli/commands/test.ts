import { join } from "node:path";
import { aurora } from "@molly/site/fixtures";
import { assignmentEnvironment, down, hasResult, writeReports } from "@molly/verify";
import { Option } from "commander";
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
import { bringUpThroughTerraform } from "../through-terraform.ts";
import { type Counts, runVitest } from "../vitest.ts";

interface Options extends ReplicaOptions, SiteOptions {
  readonly replica: boolean;
  readonly throughTerraform?: true;
  readonly live?: true;
}

/** Two show all that more would: pods cross nodes, and one is left when one goes. Beside it a second site takes its share. */
const testedWorkers = 2;

await runProgram(({ signal }, done) =>
  command("test", "Run every test: static checks, unit tests, and a replica with real daemons.")
    .addOption(siteOption())
    .addOption(imagesOption())
    .option("--no-replica", "only what needs no container engine")
    .addOption(
      new Option(
        "--through-terraform",
        "instead of all others: real Terraform brings the whole site up from five empty servers, then changes it",
      ).conflicts(["live", "replica"]),
    )
    .addOption(
      new Option(
        "--live",
        "only the replica as a live site, over SSH: every check, every fault that is allowed there",
      ).conflicts("replica"),
    )
    .action(async (options: Options) => {
      const total = { passed: 0, failed: 0 };
      const add = ({ passed, failed }: Counts): void => {
        total.passed += passed;
        total.failed += failed;
      };
      if (options.throughTerraform) add(await testThroughTerraform(options, signal));
      else if (options.live) add(await testReplica("live", options, signal));
      else {
        add(await runChecks(signal));
        add(await runVitest("unit", {}, signal));
        if (options.replica) add(await testReplica("replica", options, signal));
      }
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

/** The second site is brought up by a test of its own. */
async function testReplica(project: "replica" | "live", options: Options, signal: AbortSignal): Promise<Counts> {
  const site = await renderedSite({ ...options, workers: testedWorkers });
  const folder = join(runsOf(site.name), runName());
  return owning([site, aurora], signal, async () => {
    await bringUp({ site, images: options.images, show: showSteps, signal });
    const ceph = await cephImages({ site, show: showSteps, signal });
    const rerun = project === "live" ? "./molly test --live" : "./molly test";
    const assignment = { site, folder, rerun, ceph, ...(await commitOf(root)) };
    const counts = await runVitest(project, assignmentEnvironment(assignment), signal);
    // The first failure ends the run, maybe before any scenario.
    if (hasResult(folder)) console.log(`Report of the scenarios: ${await writeReports(folder, site)}`);
    return counts;
  });
}

/** From nothing, whatever was up before. */
async function testThroughTerraform(options: Options, signal: AbortSignal): Promise<Counts> {
  const site = await renderedSite(options);
  return owning([site], signal, async () => {
    await down(site);
    await bringUpThroughTerraform({ site, images: options.images, show: showSteps, signal });
    return runVitest("terraform", {}, signal);
  });
}

/** This process owns the replicas: vitest is its child, and whatever happens to either, all these sites' machines go. */
async function owning(
  sites: readonly { readonly name: string }[],
  signal: AbortSignal,
  test: () => Promise<Counts>,
): Promise<Counts> {
  try {
    return await test();
  } catch (error) {
    explain(error, signal);
    return { passed: 0, failed: 1 };
  } finally {
    for (const { name } of sites) await down({ name });
    await stopOwnEngine();
  }
}
