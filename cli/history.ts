import { resolve, join } from "node:path";
import { Failure } from "@molly/site";
import {
  attempt,
  type Commit,
  driftOf,
  rangesOf,
  recordHeadline,
  renderHistory,
  runKinds,
  tellDrift,
  trendsOf,
  writeWhole,
} from "@molly/verify";
import { root, runs } from "./paths.ts";
import { recordStore } from "./records.ts";

interface HistoryOptions {
  readonly store?: string | undefined;
  readonly output?: string | undefined;
}

/** Draws all that is recorded of a site, and tells the last runs and what drifts. */
export async function tellHistory(site: string, { store, output }: HistoryOptions): Promise<void> {
  const kept = recordStore(store === undefined ? {} : { store });
  const records = await kept.all(site);
  if (records.length === 0)
    throw new Failure({
      what: `There is no record of a run of site '${site}' in ${kept.description}.`,
      remedy: "Run `./molly verify`, or name another `--store`.",
    });
  const ranges = new Map<string, readonly Commit[]>();
  for (const range of rangesOf(records)) {
    const commits = await commitsIn(range);
    if (commits !== undefined) ranges.set(range, commits);
  }
  const page = resolve(output ?? join(runs, site, "history.html"));
  await writeWhole(page, renderHistory(records, ranges));
  for (const kind of runKinds) {
    const last = records.findLast((record) => record.kind === kind);
    if (last !== undefined) console.log(`${last.startedAt.slice(0, 16).replace("T", " ")}  ${recordHeadline(last)}`);
  }
  for (const drift of trendsOf(records).flatMap((trend) => driftOf(trend) ?? []))
    console.log(`drifts: ${tellDrift(drift)}`);
  console.log(`\n${records.length} runs from ${kept.description}\n  page       ${page}`);
}

/** Undefined when this repository does not know both commits. */
async function commitsIn(range: string): Promise<Commit[] | undefined> {
  if (!/^[0-9a-f]{7,64}\.\.[0-9a-f]{7,64}$/.test(range)) return undefined;
  const { exitCode, stdout } = await attempt("git", ["log", "--format=%H %s", range, "--"], { cwd: root });
  if (exitCode !== 0) return undefined;
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ hash: line.slice(0, line.indexOf(" ")), subject: line.slice(line.indexOf(" ") + 1) }));
}
