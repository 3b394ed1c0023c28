import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "@molly/verify";
import { root } from "../paths.ts";
import { type Measurement, memory, timed } from "./measurement.ts";

const objects = 2000;

/**
 * Rendering a folder of 2,000 objects and more, files and all, and turn by turn with it `kubectl kustomize` reading the very
 * same files: each as a whole process, the files in memory.
 * @throws Failure when there is no kubectl on the path
 */
export async function measureCluster(runs: number, signal: AbortSignal): Promise<Measurement[]> {
  const rendering: number[] = [];
  const shares: number[] = [];
  for (let turn = 0; turn <= runs; turn++) {
    const folder = await mkdtemp(join(memory, "molly-bench-"));
    const own = await timed(() =>
      run("node", [join(root, "cli/bench/many-objects.ts"), folder, String(objects)], { signal }),
    );
    const other = await timed(() => run("kubectl", ["kustomize", join(folder, "cluster/workloads")], { signal }));
    await rm(folder, { recursive: true });
    if (turn === 0) continue; // it fills the compile cache
    rendering.push(own);
    shares.push(own / other);
  }
  return [
    {
      what: `${objects} objects of a cluster, rendered and written to ${memory}`,
      unit: "s",
      values: rendering,
      bound: 2,
    },
    { what: "… as a share of kubectl kustomize's time for the same objects", unit: "×", values: shares, bound: 1 },
  ];
}
