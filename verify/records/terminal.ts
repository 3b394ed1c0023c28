import { painter, provenance, type TerminalOptions } from "../report/terminal.ts";
import { spoken } from "../report/words.ts";
import type { RunRecord } from "./record.ts";
import { recordHeadline } from "./words.ts";

/** A record for a terminal: the verdict, a line an item, and below it what is wrong and what to do. */
export function renderRecordTerminal(record: RunRecord, options: TerminalOptions): string {
  const paint = painter(options);
  const width = Math.max(
    ...[...record.items.map(({ name }) => name), ...record.leftOut.map(({ check }) => check)].map(
      ({ length }) => length,
    ),
    0,
  );
  return [
    paint(record.judgement, recordHeadline(record)),
    "",
    ...record.items.flatMap(({ name, judgement, summary, findings }) => [
      `  ${name.padEnd(width)}  ${paint(judgement, spoken[judgement].padEnd(8))}  ${judgement === "ok" ? summary : ""}`.trimEnd(),
      ...findings.flatMap((finding, index) => [
        `      ${paint(finding.verdict, finding.where)}: ${finding.cause}`,
        // Once for those that have it in common.
        ...(findings[index + 1]?.remedy === finding.remedy ? [] : [`        do: ${finding.remedy}`]),
      ]),
    ]),
    ...record.leftOut.map(({ check, why }) => `  ${check.padEnd(width)}  left out  ${why}`),
    "",
    ...provenance(record),
    "",
  ].join("\n");
}
