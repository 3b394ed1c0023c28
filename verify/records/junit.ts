import { element, escape } from "../report/svg.ts";
import type { RecordItem, RunRecord } from "./record.ts";

/** A record as JUnit XML: a case an item. Violated is a failure, unknown an error, what was left out is skipped. */
export function renderRecordJunit({ site, kind, startedAt, durationMs, items, leftOut }: RunRecord): string {
  const count = (judgement: string): number => items.filter((item) => item.judgement === judgement).length;
  const suite = element(
    "testsuite",
    {
      ...{ name: kind, timestamp: startedAt, time: durationMs / 1000, tests: items.length + leftOut.length },
      ...{ failures: count("violated"), errors: count("unknown"), skipped: leftOut.length },
    },
    ...items.map((item) => testcase(kind, item.name, outcome(item))),
    ...leftOut.map(({ check, why }) => testcase(kind, check, element("skipped", { message: why }))),
  );
  const root = element("testsuites", { name: `molly verify ${site}`, timestamp: startedAt }, suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

const testcase = (classname: string, name: string, child: string): string =>
  element("testcase", { classname, name, time: 0 }, child);

function outcome({ judgement, summary, findings }: RecordItem): string {
  if (judgement === "ok") return element("system-out", {}, escape(summary));
  const lines = findings.map(({ where, cause, remedy }) => `${where}: ${cause}\n  do: ${remedy}`);
  return element(
    judgement === "violated" ? "failure" : "error",
    { message: summary, type: judgement },
    escape(lines.join("\n")),
  );
}
