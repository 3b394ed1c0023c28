import { join } from "node:path";
import { run } from "@molly/verify";
import { root } from "../paths.ts";
import type { Measurement } from "./measurement.ts";

const sizes = { half: [50, 500], whole: [100, 1000] } as const;
/** Each takes seconds. */
const runs = 3;

interface Took {
  readonly seconds: number;
  readonly memoryGiB: number;
}

/** A whole process from its start to its last file, as `./molly synth` is, for sites far larger than any here. */
export async function measureScale(signal: AbortSignal): Promise<Measurement[]> {
  const half = await renderings(sizes.half, signal);
  const whole = await renderings(sizes.whole, signal);
  const what = `./molly synth of ${sizes.whole[0]} servers and ${sizes.whole[1]} machines`;
  return [
    { what, unit: "s", values: whole.map(({ seconds }) => seconds), bound: 4 },
    { what: `${what}, memory`, unit: "GiB", values: whole.map(({ memoryGiB }) => memoryGiB), bound: 1 },
    {
      what: `${what}, time against half of it`,
      unit: "×",
      values: whole.map(({ seconds }, index) => seconds / (half[index]?.seconds ?? NaN)),
      // Twice, and what a busy machine adds. With every machine's name in every machine's /etc/hosts, bytes grow faster.
      bound: 2.4,
    },
  ];
}

async function renderings([servers, machines]: readonly [number, number], signal: AbortSignal): Promise<Took[]> {
  const took: Took[] = [];
  for (let turn = 0; turn < runs; turn++)
    took.push(
      JSON.parse(
        await run("node", [join(root, "cli/bench/synthesize-large.ts"), String(servers), String(machines)], { signal }),
      ) as Took,
    );
  return took;
}
