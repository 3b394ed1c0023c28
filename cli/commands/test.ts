import { join } from "node:path";
import { aurora } from "@molly/site/fixtures";
import {
  assignmentEnvironment,
  down,
  hasResult,
  type LongSuite,
  longSuites,
  removeControlPlane,
  writeReports,
} from "@molly/verify";
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
  readonly only?: LongSuite;
}

/** Two show all that more would: pods cross nodes, and one is left when one goes. Beside it a second site takes its share. */
const testedWorkers = 2;

const long: Readonly<Record<LongSuite, (options: Options, signal: AbortSignal) => Promise<Counts>>> = {
  ceph: (options, signal) => testReplica("ceph", options, signal),
  flux: testFlux,
  live: (options, signal) => testReplica("live", options, signal),
  policies: (options, signal) => testReplica("policies", options, signal),
  terraform: testThroughTerraform,
  versions: (_options, signal) => owning([], signal, () => runVitest("versions", {}, signal)),
};

await runProgram(({ signal }, done) =>
  command("test", "Run every test: static checks, unit tests, and a replica with real daemons.")
    .addOption(siteOption())
    .addOption(imagesOption())
    .option("--no-replica", "only what needs no container engine")
    .addOption(
      new Option("--only <suite>", "instead of all others, one that takes too long for every change")
        .choices(longSuites)
        .conflicts("replica"),
    )
    .action(async (options: Options) => {
      const total = { passed: 0, failed: 0 };
      const add = ({ passed, failed }: Counts): void => {
        total.passed += passed;
        total.failed += failed;
      };
      if (options.only) add(await long[options.only](options, signal));
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
async function testReplica(
  suite: "replica" | "ceph" | "live" | "policies",
  options: Options,
  signal: AbortSignal,
): Promise<Counts> {
  const site = await renderedSite({ ...options, workers: testedWorkers });
  const folder = join(runsOf(site.name), runName());
  return owning([site, aurora], signal, async () => {
    const policies = suite === "policies";
    await bringUp({ site, images: options.images, policies, show: showSteps, signal });
    const ceph = suite === "ceph" ? { ceph: await cephImages({ site, show: showSteps, signal }) } : {};
    const rerun = suite === "replica" ? "./molly test" : `./molly test --only ${suite}`;
    const assignment = { site, folder, rerun, ...ceph, ...(await commitOf(root)) };
    const counts = await runVitest(suite, assignmentEnvironment(assignment), signal);
    // The first failure ends the run, maybe before any scenario.
    if (hasResult(folder)) console.log(`Report of the scenarios: ${await writeReports(folder, site)}`);
    return counts;
  });
}

/** A control plane without machines, which the tests start by themselves. */
async function testFlux(options: Options, signal: AbortSignal): Promise<Counts> {
  const site = await renderedSite(options);
  const assignment = { site, folder: join(runsOf(site.name), runName()), rerun: "./molly test --only flux" };
  const environment = assignmentEnvironment({ ...assignment, ...(await commitOf(root)) });
  return owning([], signal, async () => {
    try {
      return await runVitest("flux", environment, signal);
    } finally {
      await removeControlPlane(site);
    }
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
