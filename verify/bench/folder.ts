import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { Failure, messageOf } from "@molly/site";
import { toJsonLines } from "../history/jsonl.ts";
import type { History } from "../history/operation.ts";
import { writeWhole } from "../report/run-folder.ts";
import type { BenchHead, BenchResult, Repetition } from "./results.ts";

/** What lies in a benchmark's folder. */
export const benchNames = {
  results: "results.jsonl",
  histories: "histories",
  plot: "plot.svg",
  page: "README.md",
} as const;

/** The head, then a line for each repetition; replaces what was there. */
export const writeBench = (folder: string, { head, repetitions }: BenchResult): Promise<void> =>
  writeWhole(join(folder, benchNames.results), [head, ...repetitions].map(toLine).join(""));

/** Adds one line, so that whatever interrupts the benchmark leaves all that it had. */
export const addRepetition = (folder: string, repetition: Repetition): Promise<void> =>
  appendFile(join(folder, benchNames.results), toLine(repetition));

const toLine = (value: BenchHead | Repetition): string => `${JSON.stringify(value)}\n`;

/** @returns its path inside the folder */
export async function storeHistory(folder: string, name: string, history: History): Promise<string> {
  const path = join(benchNames.histories, `${name}.jsonl.gz`);
  await mkdir(join(folder, path, ".."), { recursive: true });
  const packed = await promisify(gzip)(toJsonLines(history), { level: constants.Z_BEST_COMPRESSION });
  await writeWhole(join(folder, path), packed);
  return path;
}

/** @throws Failure when the folder holds no results */
export async function readBench(folder: string): Promise<BenchResult> {
  const path = join(folder, benchNames.results);
  try {
    const [first = "", ...rest] = (await readFile(path, "utf8")).trimEnd().split("\n");
    const head = JSON.parse(first) as BenchHead;
    if (head.format !== 1) throw new Error("Its first line is no head of format 1.");
    return { head, repetitions: rest.map((line) => JSON.parse(line) as Repetition) };
  } catch (cause) {
    throw new Failure({
      what: `${path} holds no results of a benchmark.`,
      seen: messageOf(cause),
      remedy: "Name the folder that `./molly bench vip` told of.",
      badInput: true,
      cause,
    });
  }
}
