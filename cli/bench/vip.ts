import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, Failure, type Site, sites } from "@molly/site";
import {
  benchEngine,
  type BenchHead,
  type BenchPlan,
  type BenchReport,
  changeEngine,
  isWholePlan,
  publishBench,
  readBench,
  replicaTarget,
  restoreTarget,
  type Step,
  type StepRunner,
  turnsLeft,
  writeBench,
  writeBenchReport,
} from "@molly/verify";
import { commitOf } from "../commit.ts";
import { root } from "../paths.ts";
import { type ReplicaOptions, withReplica } from "../replica.ts";
import { runName, runsOf } from "../scenarios.ts";
import { renderedSite, type SiteOptions } from "../site.ts";
import { synthesize } from "../synthesize.ts";

export interface VipBenchProps extends SiteOptions, ReplicaOptions, Omit<BenchPlan, "seed"> {
  readonly seed?: number;
  /** The folder of a benchmark to go on with. */
  readonly resume?: string;
  readonly show: StepRunner;
  readonly signal: AbortSignal;
}

/** Where the results of the last whole benchmark are committed. */
const published = join(root, "docs/vip-bench");

/**
 * Measures what is planned on the replica, engine by engine, and publishes it when it was the whole comparison. What an
 * interruption leaves can be gone on with.
 */
export async function benchVip(props: VipBenchProps): Promise<BenchReport> {
  const { show, signal, images } = props;
  await synthesize();
  const site = await renderedSite(props);
  const folder = props.resume ?? (await begin(props, site));
  await demandSameSite(folder, site);
  try {
    await withReplica({ site, show, signal, images }, () => measure(props, site, folder));
  } catch (error) {
    if ((await readBench(folder)).repetitions.length > 0)
      console.error(`What was measured until then is kept: \`./molly bench vip --resume ${folder}\` goes on.`);
    throw error;
  }
  const report = await writeBenchReport(folder);
  if (!isWholePlan(report.result.head.plan)) return report;
  await publishBench(folder, published);
  return { ...report, page: report.page.replace(folder, published) };
}

/** Makes a folder for a new benchmark and writes down what it is going to do. */
async function begin(props: VipBenchProps, site: Site): Promise<string> {
  const { engines, faults, repetitions, powerOffs, classicPowerOffs, seed = Date.now() % 1_000_000 } = props;
  const folder = join(runsOf(site.name), "../bench", runName());
  const { description: target } = await replicaTarget(site);
  const head: BenchHead = {
    format: 1,
    plan: { engines, faults, repetitions, powerOffs, classicPowerOffs, seed },
    site,
    target,
    ...(await commitOf(root)),
    startedAt: new Date().toISOString(),
  };
  await writeBench(folder, { head, repetitions: [] });
  return folder;
}

/** Results of two different sites are no comparison. */
async function demandSameSite(folder: string, site: Site): Promise<void> {
  const { head } = await readBench(folder);
  if (JSON.stringify(head.site) === JSON.stringify(site)) return;
  throw new Failure({
    what: `${folder} was measured on another site, or the site has changed since.`,
    remedy: "Name the same `--site` and `--workers`, or begin anew without `--resume`.",
    badInput: true,
  });
}

async function measure({ show, signal }: VipBenchProps, site: Site, folder: string): Promise<void> {
  const { head, repetitions } = await readBench(folder);
  let target = await replicaTarget(site);
  const step = (engine: Engine): Step<object> => {
    const turns = turnsLeft(head.plan, engine, repetitions);
    return {
      title: `${engine}: ${turns.length} repetitions, seed ${head.plan.seed}`,
      run: async (_context, say) => {
        if (turns.length === 0) return;
        say("change the engine");
        target = await withEngine(site, engine, signal);
        await benchEngine({ target, turns, folder, signal, say });
      },
    };
  };
  try {
    await show(head.plan.engines.map(step), {});
  } finally {
    // Also after an interruption: whoever uses the replica next expects it whole, with the site's own engine.
    await restoreTarget(target);
    await withEngine(site, site.vip.engine, new AbortController().signal);
  }
}

/** Makes the replica run another engine, from files that are rendered as for a site of its own. */
async function withEngine(site: Site, engine: Engine, signal: AbortSignal): ReturnType<typeof replicaTarget> {
  const description = sites.find(({ name }) => name === site.name);
  if (description === undefined) throw new Error(`Site '${site.name}' has no description.`);
  const vip = { ...description.vip, engine, force: engine === "heartbeat-classic" };
  const target = await replicaTarget({ ...site, vip: { ...site.vip, engine, force: vip.force } });
  const folder = await mkdtemp(join(tmpdir(), "molly-bench-"));
  try {
    await synthesize({ descriptions: [{ ...description, vip }], out: folder });
    await changeEngine(target, join(folder, site.name, "hosts"), signal);
  } finally {
    await rm(folder, { recursive: true });
  }
  return target;
}
