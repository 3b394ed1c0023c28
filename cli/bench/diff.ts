import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "@molly/verify";
import { dist, root } from "../paths.ts";
import type { Measurement } from "./measurement.ts";

/** Objects of the measured tree. Every one changes: the case that no cache and no shortcut helps. */
const objects = 2_000;

/** A comparison of two commits as a whole process, with every object parsed on both sides and all told as Markdown. */
export async function measureDiff(runs: number, signal: AbortSignal): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), "molly-bench-"));
  try {
    await makeRepository(folder, signal);
    const argv = [join(root, "cli/commands/diff.ts"), "HEAD~1", "HEAD", "--format", "markdown", "--repository", folder];
    const values: number[] = [];
    for (let turn = 0; turn <= runs; turn++) {
      const begin = performance.now();
      await run("node", argv, { signal });
      // The first one fills the compile cache.
      if (turn > 0) values.push((performance.now() - begin) / 1000);
    }
    return { what: `./molly diff of ${objects} changed objects, whole process`, unit: "s", values, bound: 2 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Two commits of copies of a Deployment that the site itself has: a real one's size. */
async function makeRepository(folder: string, signal: AbortSignal): Promise<void> {
  const model = "molly/cluster/network/canal/deployment-calico-kube-controllers.yaml";
  const text = await readFile(join(dist, model), "utf8");
  const names = Array.from({ length: objects }, (_, index) => `controllers-${index}`);
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args], { cwd: folder, signal });
  await git("init", "--quiet");
  for (const version of ["v3.32.1", "v3.32.2"]) {
    for (const name of names) {
      const path = join(folder, "dist/bench/cluster/apps", `deployment-${name}.yaml`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text.replaceAll(/v\d+\.\d+\.\d+/g, version).replace(/^ {2}name: .*$/m, `  name: ${name}`));
    }
    await git("add", "--all");
    await git("commit", "--quiet", "--message", version);
  }
}
