import { join } from "node:path";
import { writeWhole } from "../report/run-folder.ts";
import { renderRecordJunit } from "./junit.ts";
import { renderPrometheus } from "./prometheus.ts";
import { type RunRecord, recordText } from "./record.ts";
import { renderSummary } from "./summary.ts";

/** Where what tells of one run lies in its folder. A run of scenarios has a JUnit file of its own, check by check. */
export async function writeRecordFiles(folder: string, record: RunRecord): Promise<void> {
  const files = {
    "record.json": recordText(record),
    "summary.md": renderSummary(record),
    "molly_verify.prom": renderPrometheus(record),
    ...(record.kind !== "scenarios" ? { "junit.xml": renderRecordJunit(record) } : {}),
  };
  for (const [name, text] of Object.entries(files)) await writeWhole(join(folder, name), text);
}
