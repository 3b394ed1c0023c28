import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { fromJsonLines, toJsonLines } from "../history/jsonl.ts";
import type { History } from "../history/operation.ts";
import type { RunResult } from "./result.ts";

const resultName = "result.json";

/** Stores a history; returns its name inside the folder. */
export async function writeHistory(folder: string, scenario: string, history: History): Promise<string> {
  const name = `${scenario}.history.jsonl.gz`;
  await writeWhole(join(folder, name), await promisify(gzip)(toJsonLines(history)));
  return name;
}

export const readHistory = async (folder: string, name: string): Promise<History> =>
  fromJsonLines((await promisify(gunzip)(await readFile(join(folder, name)))).toString());

export const writeResult = (folder: string, result: RunResult): Promise<void> =>
  writeWhole(join(folder, resultName), `${JSON.stringify(result, undefined, 2)}\n`);

/** Whether any scenario of a run came to its end. */
export const hasResult = (folder: string): boolean => existsSync(join(folder, resultName));

/** @throws when the folder holds no result. */
export const readResult = async (folder: string): Promise<RunResult> =>
  JSON.parse(await readFile(join(folder, resultName), "utf8")) as RunResult;

/** A reader sees the old content or the new, never half of it. */
export async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}
