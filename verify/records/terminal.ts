import type { Judgement } from "../checks/verdict.ts";
import { spoken } from "../report/words.ts";
import type { RunRecord } from "./record.ts";
import { recordHeadline } from "./words.ts";

const colour: Readonly<Record<Judgement, number>> = { ok: 32, violated: 31, unknown: 33 };

/** A record for a terminal: the verdict, a line an item, and below it what is wrong and what to do. */
export function renderRecordTerminal(record: RunRecord, { colours }: { readonly colours: boolean }): string {
  const paint = (judgement: Judgement, text: string): string =>
    colours ? `\u001b[${colour[judgement]}m${text}\u001b[0m` : text;
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
      ...findings.flatMap((finding) => [
        `      ${paint(finding.verdict, finding.where)}: ${finding.cause}`,
        `        do: ${finding.remedy}`,
      ]),
    ]),
    ...record.leftOut.map(({ check, why }) => `  ${check.padEnd(width)}  left out  ${why}`),
    "",
    `  commit     ${record.commit.slice(0, 12)}${record.dirty ? ", with changes that are not committed" : ""}`,
    `  run again  ${record.rerun}`,
    "",
  ].join("\n");
}
