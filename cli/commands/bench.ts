import { measureReplica } from "../bench/bring-up.ts";
import { measureCluster } from "../bench/cluster.ts";
import { measureDiff } from "../bench/diff.ts";
import { describe, exceeds } from "../bench/measurement.ts";
import { measureSynth } from "../bench/rendering.ts";
import { measureScale } from "../bench/scale.ts";
import { vipCommand } from "../bench/vip-command.ts";
import { ExitCode } from "../exit.ts";
import { command, runProgram } from "../program.ts";
import { imagesOption, type ReplicaOptions } from "../replica.ts";
import { siteOption, type SiteOptions, wholeNumberOption } from "../site.ts";

interface Options extends SiteOptions, ReplicaOptions {
  readonly runs: number;
  readonly cluster?: true;
  readonly lab?: true;
  readonly json?: true;
}

await runProgram((run, done) => {
  const bench = command(
    "bench",
    "Measure: rendering, also of a site of a thousand machines, and comparing as whole processes, and with --lab the replica's time to Ready and its memory.",
  )
    // What stands behind `vip` is its own.
    .enablePositionalOptions()
    .addOption(siteOption())
    .addOption(imagesOption())
    .addOption(wholeNumberOption("--runs <n>", "how often each").default(11))
    .option("--cluster", "also render 2,000 objects, beside `kubectl kustomize` for the same ones")
    .option("--lab", "also bring a replica up from warm caches (removes the one that is up)")
    .option("--json", "as JSON")
    .action(async ({ runs, cluster, lab, json, ...options }: Options) => {
      const measurements = [
        await measureSynth(runs, run.signal),
        ...(await measureScale(run.signal)),
        await measureDiff(runs, run.signal),
      ];
      if (cluster) measurements.push(...(await measureCluster(runs, run.signal)));
      if (lab) measurements.push(...(await measureReplica(options, run.signal)));
      if (json) console.log(JSON.stringify(measurements, undefined, 2));
      else for (const measurement of measurements) console.log(describe(measurement));
      if (measurements.some(exceeds)) done(ExitCode.violated);
    });
  vipCommand(bench.command("vip"), run, done);
  return bench;
});
