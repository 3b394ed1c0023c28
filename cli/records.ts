import { join } from "node:path";
import { tellJob } from "@molly/forge/job";
import {
  alertsOf,
  openStore,
  type RecordStore,
  renderSummary,
  type RunRecord,
  sendAlerts,
  writeRecordFiles,
} from "@molly/verify";
import { Option } from "commander";
import { root, runs } from "./paths.ts";

export interface RecordOptions {
  readonly store?: string;
  readonly webhook?: string;
  readonly alertsFor?: number;
}

export const storeOption = (): Option =>
  new Option(
    "--store <where>",
    "where records of runs are kept: a folder, git:BRANCH, git:REMOTE:BRANCH or s3://BUCKET/PREFIX (default: .molly/records)",
  );

export const recordStore = ({ store }: Pick<RecordOptions, "store">): RecordStore =>
  openStore(store ?? join(runs, "records"), root, process.env);

/** A run of an hourly schedule that is late must not look like a recovery. */
export const defaultAlertMinutes = 150;

/**
 * Writes what tells of a run into its folder and a job's summary, keeps the record, and posts the alerts where that is asked for.
 * @throws Failure when the record can't be kept or the alerts can't be posted: the other has been tried all the same
 */
export async function keep(record: RunRecord, folder: string, options: RecordOptions = {}): Promise<void> {
  await writeRecordFiles(folder, record);
  await tellJob(renderSummary(record), process.env);
  const validMs = (options.alertsFor ?? defaultAlertMinutes) * 60_000;
  const alerts = alertsOf(record, validMs);
  // Where one of them is out of reach, the other may be near.
  const kept = await Promise.allSettled([
    recordStore(options).add(record),
    ...(options.webhook === undefined ? [] : [sendAlerts(options.webhook, alerts)]),
  ]);
  for (const one of kept) if (one.status === "rejected") throw one.reason;
}
