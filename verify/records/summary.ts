import type { Judgement } from "../checks/verdict.ts";
import { figureText } from "../report/words.ts";
import type { RecordItem, RunRecord } from "./record.ts";
import { recordHeadline } from "./words.ts";

const mark: Readonly<Record<Judgement, string>> = { ok: "✅ holds", violated: "❌ violated", unknown: "⚠️ unknown" };

/** What GitHub takes for a job's summary, in bytes: 1 MiB. What is far beyond a page nobody reads. */
const mostFindings = 100;

/** A record as GitHub's Markdown, for a job's summary or an issue: what is wrong first, what is well folded. */
export function renderSummary(record: RunRecord): string {
  const wrong = record.items.filter(({ judgement }) => judgement !== "ok");
  const fine = record.items.filter(({ judgement }) => judgement === "ok");
  const findings = wrong.flatMap((item) => item.findings.map((finding) => ({ name: item.name, ...finding })));
  return [
    `## ${cell(recordHeadline(record))}`,
    "",
    `${cell(record.target)}, ${record.startedAt}, commit \`${record.commit.slice(0, 12)}\`${record.dirty ? " with changes" : ""}${record.approvedBy === undefined ? "" : `, approved by ${cell(record.approvedBy)}`}`,
    ...(findings.length === 0
      ? []
      : [
          "",
          "| check | verdict | where | cause | what to do |",
          "| --- | --- | --- | --- | --- |",
          ...findings
            .slice(0, mostFindings)
            .map(
              ({ name, verdict, where, cause, remedy }) =>
                `| ${[name, mark[verdict], where, cause, remedy].map(cell).join(" | ")} |`,
            ),
          ...(findings.length > mostFindings
            ? ["", `… and ${findings.length - mostFindings} more: see the record.`]
            : []),
        ]),
    ...(fine.length === 0
      ? []
      : [
          "",
          `<details><summary>${fine.length} hold</summary>`,
          "",
          "| check | what was seen | figures |",
          "| --- | --- | --- |",
          ...fine.map(row),
          "",
          "</details>",
        ]),
    ...(record.leftOut.length === 0
      ? []
      : ["", ...record.leftOut.map(({ check, why }) => `- \`${check}\` was left out: ${cell(why)}`)]),
    "",
    `Run again: \`${record.rerun}\``,
    "",
  ].join("\n");
}

const row = ({ name, summary, figures }: RecordItem): string =>
  `| ${[name, summary, figures.map((figure) => `${figure.name}: ${figureText(figure)}`).join("; ")].map(cell).join(" | ")} |`;

/** One cell of a table, whatever is in it: no markup, no column of its own, one line. Code between backticks stays code. */
const cell = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ");
