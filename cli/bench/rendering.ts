import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "@molly/verify";
import { root } from "../paths.ts";
import { type Measurement, timed } from "./measurement.ts";

/** From the first instruction of the process to its end, into an empty folder: nothing is reused but Node's compile cache. */
export async function measureSynth(runs: number, signal: AbortSignal): Promise<Measurement> {
  const values: number[] = [];
  for (let turn = 0; turn <= runs; turn++) {
    const folder = await mkdtemp(join(tmpdir(), "molly-bench-"));
    const seconds = await timed(() => run("node", [join(root, "cli/commands/synth.ts"), "--out", folder], { signal }));
    // The first one fills the compile cache.
    if (turn > 0) values.push(seconds);
    await rm(folder, { recursive: true });
  }
  return { what: "./molly synth, whole process", unit: "s", values, bound: 0.7 };
}
