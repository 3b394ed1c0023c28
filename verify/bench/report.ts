import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { readHistory, writeWhole } from "../report/run-folder.ts";
import { claims, judgeClaims, type ClaimVerdict } from "./claims.ts";
import { figuresOf } from "./figures.ts";
import { benchNames, readBench, writeBench } from "./folder.ts";
import { renderPage } from "./page.ts";
import { drawPlot } from "./plot.ts";
import type { BenchResult, Repetition } from "./results.ts";

/** What became of a benchmark. */
export interface BenchReport {
  readonly result: BenchResult;
  readonly verdicts: readonly ClaimVerdict[];
  /** Path of the page; the plot lies beside it. */
  readonly page: string;
}

/**
 * Measures every repetition anew from its history, and writes page and plot beside the results.
 * @throws Failure when the folder holds no results
 */
export async function writeBenchReport(folder: string): Promise<BenchReport> {
  const { head, repetitions } = await readBench(folder);
  const measured: Repetition[] = [];
  for (const repetition of repetitions) {
    const figures = repetition.figures && figuresOf(await readHistory(folder, repetition.history), head.site);
    measured.push({ ...repetition, ...(figures === undefined ? {} : { figures }) });
  }
  const result = { head, repetitions: measured };
  const verdicts = judgeClaims(result);
  const page = join(folder, benchNames.page);
  await writeBench(folder, result);
  await writeWhole(join(folder, benchNames.plot), drawPlot(result, claims));
  await writeWhole(page, renderPage(result, verdicts));
  return { result, verdicts, page };
}

/** Puts a benchmark's folder in the place of what was published before. */
export async function publishBench(folder: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(folder, to, { recursive: true });
}
