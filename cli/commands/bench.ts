import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { down, run, runSilently } from "@molly/verify";
import { root } from "../paths.ts";
import { command, runProgram } from "../program.ts";
import { bringUp, imagesOption, type ReplicaOptions } from "../replica.ts";
import { renderedSite, siteOption, type SiteOptions, wholeNumberOption } from "../site.ts";
import { ExitCode } from "../exit.ts";

interface Options extends SiteOptions, ReplicaOptions {
  readonly runs: number;
  readonly lab?: true;
  readonly json?: true;
}

/** A measured quantity with the bound that the project sets itself. */
interface Measurement {
  readonly what: string;
  readonly unit: "s" | "GiB";
  readonly values: readonly number[];
  readonly bound: number;
}

await runProgram(({ signal }, done) =>
  command("bench", "Measure: rendering as a whole process, and with --lab the replica's time to Ready and its memory.")
    .addOption(siteOption())
    .addOption(imagesOption())
    .addOption(wholeNumberOption("--runs <n>", "how often to render").default(11))
    .option("--lab", "also bring a replica up from warm caches (removes the one that is up)")
    .option("--json", "as JSON")
    .action(async ({ runs, lab, json, ...options }: Options) => {
      const measurements = [await measureSynth(runs, signal)];
      if (lab) measurements.push(...(await measureReplica(options, signal)));
      if (json) console.log(JSON.stringify(measurements, undefined, 2));
      else for (const measurement of measurements) console.log(describe(measurement));
      if (measurements.some(({ values, bound }) => median(values) > bound)) done(ExitCode.violated);
    }),
);

/** From the first instruction of the process to its end, into an empty folder: nothing is reused but Node's compile cache. */
async function measureSynth(runs: number, signal: AbortSignal): Promise<Measurement> {
  const values: number[] = [];
  for (let turn = 0; turn <= runs; turn++) {
    const folder = await mkdtemp(join(tmpdir(), "molly-bench-"));
    const begin = performance.now();
    await run("node", [join(root, "cli/commands/synth.ts"), "--out", folder], { signal });
    // The first one fills the compile cache.
    if (turn > 0) values.push((performance.now() - begin) / 1000);
    await rm(folder, { recursive: true });
  }
  return { what: "./molly synth, whole process", unit: "s", values, bound: 0.7 };
}

async function measureReplica(options: SiteOptions & ReplicaOptions, signal: AbortSignal): Promise<Measurement[]> {
  const site = await renderedSite(options);
  await down(site);
  const before = await availableMemory();
  let lowest = before;
  const watch = setInterval(() => void availableMemory().then((now) => (lowest = Math.min(lowest, now))), 500);
  try {
    const begin = performance.now();
    await bringUp({ site, images: options.images, show: runSilently, signal });
    const ready = (performance.now() - begin) / 1000;
    const nodes = site.machines.length;
    return [
      {
        what: `replica of ${nodes} machines, images cached, until every node is Ready`,
        unit: "s",
        values: [ready],
        bound: 240,
      },
      {
        what: `replica of ${nodes} machines, most memory taken on the way`,
        unit: "GiB",
        values: [before - lowest],
        bound: 12,
      },
    ];
  } finally {
    clearInterval(watch);
    await down(site);
  }
}

/** GiB that the kernel says could be given to programs: what is cached by the file system does not count as taken. */
async function availableMemory(): Promise<number> {
  const kib = /MemAvailable:\s+(\d+) kB/.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  return Number(kib) / 1024 ** 2;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function describe({ what, unit, values, bound }: Measurement): string {
  const figure = (value: number): string => `${value.toFixed(2)} ${unit}`;
  const spread =
    values.length > 1
      ? ` (${figure(Math.min(...values))} to ${figure(Math.max(...values))}, ${values.length} runs)`
      : "";
  return `${median(values) <= bound ? "✓" : "✗"} ${what}: ${figure(median(values))}${spread}, bound ${figure(bound)}`;
}
