import { join } from "node:path";
import type { Site } from "@molly/site";
import type { History } from "../history/operation.ts";
import { renderHtml } from "./html.ts";
import { renderJunit } from "./junit.ts";
import { readHistory, readResult, writeWhole } from "./run-folder.ts";

/** Where the reports of a run lie inside its folder. */
const reportNames = { html: "report.html", junit: "junit.xml" } as const;

/**
 * Writes report.html and junit.xml beside the result and the histories of a run. Returns the page's path.
 * @throws when the folder holds no result.
 */
export async function writeReports(folder: string, site: Site): Promise<string> {
  const result = await readResult(folder);
  const histories = new Map<string, History>();
  for (const { name, history } of result.scenarios) histories.set(name, await readHistory(folder, history));
  const page = join(folder, reportNames.html);
  await writeWhole(page, renderHtml(result, histories, site));
  await writeWhole(join(folder, reportNames.junit), renderJunit(result));
  return page;
}
