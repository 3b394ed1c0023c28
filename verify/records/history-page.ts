import { style } from "../report/style.ts";
import { escape } from "../report/svg.ts";
import { spoken } from "../report/words.ts";
import { drawTrend } from "./draw-trend.ts";
import { drawVerdicts } from "./draw-verdicts.ts";
import { type Drift, driftOf, tellDrift, type Trend, trendsOf } from "./drift.ts";
import { runKinds, type RunRecord } from "./record.ts";
import { having, recordHeadline } from "./words.ts";

/** A commit as `git log` has it. */
export interface Commit {
  readonly hash: string;
  readonly subject: string;
}

/** What came between two commits, the newest first, by `FROM..TO`. What Git does not know is missing. */
export type CommitRanges = ReadonlyMap<string, readonly Commit[]>;

const headings: Readonly<Record<RunRecord["kind"], string>> = {
  health: "Health",
  drift: "As described",
  scenarios: "Under faults",
};

/** Runs that are listed one by one. */
const listedRuns = 50;
const listedCommits = 12;

/** The pairs of commits that `renderHistory` asks about: of each run and the one of its kind before it. */
export const rangesOf = (records: readonly RunRecord[]): string[] => [
  ...new Set(runKinds.flatMap((kind) => rowsOf(records, kind).flatMap(({ range }) => range ?? []))),
];

/**
 * How a site has been doing, as one page that needs nothing else: no script, no font, no image from anywhere.
 * @param records of one site, the oldest first, at least one
 */
export function renderHistory(records: readonly RunRecord[], ranges: CommitRanges): string {
  const last = records.at(-1);
  if (last === undefined) throw new Error("A history of no runs can't be drawn.");
  const trends = trendsOf(records);
  const drifts = trends.flatMap((trend) => driftOf(trend) ?? []);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(last.title)} over time</title>
<style>${style}${ownStyle}</style>
</head>
<body>
<main>
${banner(records, drifts)}
${runKinds.map((kind) => sectionOf(records, kind, trends, drifts)).join("\n")}
${runsTable(records, ranges)}
<footer>Each column and each point is a run, equally far apart whatever time lay between. A thin line stands where the commit changed. A drift is told when Kendall's rank test over the last 20 runs leaves less than 0.5 % to chance and the figure rose by a tenth and 40 ms at least.</footer>
</main>
</body>
</html>
`;
}

const badge = (judgement: RunRecord["judgement"]): string =>
  `<span class="badge ${judgement}">${spoken[judgement]}</span>`;
const day = (record: RunRecord | undefined): string => record?.startedAt.slice(0, 10) ?? "";
const span = (records: readonly RunRecord[]): string => {
  const [first, last] = [day(records[0]), day(records.at(-1))];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
};
const minute = ({ startedAt }: RunRecord): string => startedAt.slice(0, 16).replace("T", " ");

function banner(records: readonly RunRecord[], drifts: readonly Drift[]): string {
  const lasts = runKinds.flatMap((kind) => records.findLast((record) => record.kind === kind) ?? []);
  const judgement =
    lasts.find((one) => one.judgement === "violated")?.judgement ??
    lasts.find((one) => one.judgement === "unknown")?.judgement ??
    "ok";
  return `<section class="banner ${judgement}">
<h1>${escape(records.at(-1)?.title ?? "")}: ${records.length === 1 ? "1 run" : `${records.length} runs`} ${span(records)}</h1>
${lasts.map((record) => `<p class="last">${badge(record.judgement)} ${escape(headings[record.kind])}, ${minute(record)}: ${escape(recordHeadline(record))}</p>`).join("\n")}
${drifts.map((drift) => `<p class="last"><span class="badge unknown">drifts</span> ${escape(tellDrift(drift))}</p>`).join("\n")}
</section>`;
}

function sectionOf(
  records: readonly RunRecord[],
  kind: RunRecord["kind"],
  trends: readonly Trend[],
  drifts: readonly Drift[],
): string {
  const mine = records.filter((record) => record.kind === kind);
  if (mine.length === 0) return "";
  const plots = trends
    .filter((trend) => trend.kind === kind)
    .map((trend) =>
      plot(
        trend,
        drifts.find((drift) => drift.trend === trend),
      ),
    );
  return `<section class="scenario">
<header><h2>${headings[kind]}</h2><p>${mine.length} runs</p></header>
<div class="scroll">${drawVerdicts(mine)}</div>
<div class="trends">${plots.join("\n")}</div>
</section>`;
}

const plot = (trend: Trend, drift: Drift | undefined): string => `<figure>
<figcaption><strong>${escape(trend.item)}</strong> ${escape(trend.figure)}${trend.bound === undefined ? "" : ` <span class="soft">bound ${trend.bound} ${escape(trend.unit)}</span>`}${drift ? ' <span class="badge unknown">drifts</span>' : ""}</figcaption>
${drawTrend(trend, drift)}
</figure>`;

interface Row {
  readonly record: RunRecord;
  /** From the run of its kind before it, where the commit changed. */
  readonly range?: string;
}

function rowsOf(records: readonly RunRecord[], kind: RunRecord["kind"]): Row[] {
  const mine = records.filter((record) => record.kind === kind);
  return mine.map((record, index) => {
    const before = mine[index - 1]?.commit;
    return {
      record,
      ...(before === undefined || before === record.commit ? {} : { range: `${before}..${record.commit}` }),
    };
  });
}

function runsTable(records: readonly RunRecord[], ranges: CommitRanges): string {
  const rows = runKinds
    .flatMap((kind) => rowsOf(records, kind))
    .sort((a, b) => (a.record.startedAt < b.record.startedAt ? 1 : -1));
  const more = rows.length > listedRuns ? `<p class="soft">and ${rows.length - listedRuns} earlier ones</p>` : "";
  return `<section class="scenario">
<header><h2>Runs</h2></header>
<div class="scroll"><table><thead><tr><th>When (UTC)</th><th>Run</th><th>Verdict</th><th>What is not well</th><th>Commit, and what came before it</th></tr></thead><tbody>
${rows
  .slice(0, listedRuns)
  .map((row) => runRow(row, ranges))
  .join("\n")}
</tbody></table></div>${more}
</section>`;
}

function runRow({ record, range }: Row, ranges: CommitRanges): string {
  const wrong = [...having(record, "violated"), ...having(record, "unknown")].map(
    ({ name, summary }) => `<div><code>${escape(name)}</code> ${escape(summary)}</div>`,
  );
  const by = record.approvedBy === undefined ? "" : `<div class="soft">approved by ${escape(record.approvedBy)}</div>`;
  return `<tr><td class="when">${minute(record)}</td><td>${escape(headings[record.kind])}${by}</td><td>${badge(record.judgement)}</td><td>${wrong.join("")}</td><td><code>${escape(record.commit.slice(0, 8))}</code>${record.dirty ? " with changes" : ""}${between(range, ranges)}</td></tr>`;
}

function between(range: string | undefined, ranges: CommitRanges): string {
  if (range === undefined) return "";
  const commits = ranges.get(range);
  if (commits === undefined)
    return `<div class="soft">another than before; this repository does not know what lies between</div>`;
  const more = commits.length > listedCommits ? [`<li>and ${commits.length - listedCommits} more</li>`] : [];
  const lines = commits
    .slice(0, listedCommits)
    .map(({ hash, subject }) => `<li><code>${escape(hash.slice(0, 8))}</code> ${escape(subject)}</li>`);
  return `<details><summary>${commits.length} commits</summary><ul>${[...lines, ...more].join("")}</ul></details>`;
}

const ownStyle = `
.last { margin: 6px 0; } .soft { color: var(--soft); } .when { white-space: nowrap; }
.trends { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); gap: 18px 28px; margin-top: 22px; }
figure { margin: 0; } figcaption { font-size: 14px; margin-bottom: 4px; }
.trend { display: block; width: 100%; height: auto; font: 11px ui-sans-serif, system-ui, "Segoe UI", sans-serif; }
.trend text, .verdicts text { fill: var(--soft); } .verdicts { font: 13px ui-sans-serif, system-ui, "Segoe UI", sans-serif; } .verdicts text { fill: var(--ink); }
.verdicts .ok { fill: var(--answered); } .verdicts .violated { fill: var(--failed); } .verdicts .unknown { fill: #e5a50a; }
.grid { stroke: var(--line); } .change { stroke: var(--off); stroke-dasharray: 2 3; } .bound { stroke: var(--violated); stroke-dasharray: 6 4; }
.course { fill: none; stroke: var(--held); stroke-width: 1.5; } .course.drifting { stroke: #e5a50a; stroke-width: 2.5; }
.point { fill: var(--held); } .point.beyond { fill: var(--failed); }
ul { margin: 4px 0; padding-left: 18px; font-size: 13px; } td details { margin-top: 4px; }
`;
