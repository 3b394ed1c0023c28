import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@molly/verify";
import { root } from "../paths.ts";
import { type Measurement, memory } from "./measurement.ts";

const sizes = { half: [50, 500], whole: [100, 1000] } as const;
/** Each takes seconds. */
const runs = 3;

interface Took {
  readonly seconds: number;
  readonly memoryGiB: number;
}

/**
 * A whole process from its start to its last file, as `./molly synth` is, for sites far larger than any here. The bounds
 * are for files in memory: seven thousand folders are a disk's work, and told beside it.
 */
export async function measureScale(signal: AbortSignal): Promise<Measurement[]> {
  const disk = tmpdir();
  const folder = existsSync(memory) ? memory : disk;
  const half = await renderings(sizes.half, folder, signal);
  const whole = await renderings(sizes.whole, folder, signal);
  const what = `./molly synth of ${sizes.whole[0]} servers and ${sizes.whole[1]} machines`;
  const seconds = (took: readonly Took[]): number[] => took.map(({ seconds }) => seconds);
  const measurements: Measurement[] = [
    { what: `${what}, to ${folder}`, unit: "s", values: seconds(whole), bound: 4 },
    { what: `${what}, memory`, unit: "GiB", values: whole.map(({ memoryGiB }) => memoryGiB), bound: 1 },
    {
      what: `${what}, time against half of it`,
      unit: "×",
      values: whole.map(({ seconds }, index) => seconds / (half[index]?.seconds ?? NaN)),
      // Twice, and what a busy machine adds. With every machine's name in every machine's /etc/hosts, bytes grow faster.
      bound: 2.4,
    },
  ];
  if (folder !== disk)
    measurements.push({
      ...{ what: `${what}, to ${disk}`, unit: "s" },
      values: seconds(await renderings(sizes.whole, disk, signal)),
    });
  return measurements;
}

async function renderings(
  [servers, machines]: readonly [number, number],
  folder: string,
  signal: AbortSignal,
): Promise<Took[]> {
  const took: Took[] = [];
  const program = [join(root, "cli/bench/synthesize-large.ts"), String(servers), String(machines), folder];
  for (let turn = 0; turn < runs; turn++) took.push(JSON.parse(await run("node", program, { signal })) as Took);
  return took;
}
