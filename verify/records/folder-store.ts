import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { writeWhole } from "../report/run-folder.ts";
import { parseRecord, recordName, recordText, type RunRecord } from "./record.ts";
import type { RecordStore } from "./store.ts";

/** A folder for each site, a file for each run. */
export class FolderStore implements RecordStore {
  readonly description: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.description = folder;
  }

  async add(record: RunRecord): Promise<void> {
    await writeWhole(join(this.#folder, record.site, recordName(record)), recordText(record));
  }

  async all(site: string): Promise<RunRecord[]> {
    const folder = join(this.#folder, site);
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
    return Promise.all(
      names.map(async (name) => readAs(join(folder, name), await readFile(join(folder, name), "utf8"))),
    );
  }
}

/** @throws Failure that names the place */
export function readAs(place: string, text: string): RunRecord {
  try {
    return parseRecord(text);
  } catch (cause) {
    throw new Failure({
      what: `${place} is no record of a run.`,
      seen: cause instanceof Error ? cause.message : String(cause),
      remedy: "Was it written by a newer Molly, or cut short? Move it away to go on without it.",
      cause,
    });
  }
}
