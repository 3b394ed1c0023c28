import type { ClaimVerdict } from "./claims.ts";
import { benchPace } from "./pace.ts";
import type { BenchHead, BenchResult, Plan } from "./results.ts";
import { type Summary, summariesOf } from "./statistics.ts";
import { counted, duration, engineNames, faultNames } from "./words.ts";

const spoken = { ok: "holds", violated: "**does not hold**", unknown: "unknown" } as const;

/** The results as a page of Markdown, formatted as Prettier would; the plot lies beside it as `plot.svg`. */
export function renderPage(result: BenchResult, verdicts: readonly ClaimVerdict[]): string {
  const { head } = result;
  const summaries = summariesOf(result);
  return `# The VIP's engines, measured

![A row a fault, a lane an engine, a mark a repetition at its longest gap; diamonds where two machines held the VIP](plot.svg)

\`./molly bench vip\` wrote this page. It put ${counted(head.plan.engines.length, "engine")} through the same faults in one run on the same
machines. Every fault strikes the machine that holds the VIP at that moment, and is healed when it has lasted for ${duration(benchPace.faultMs)}
and the VIP answers again.

${claimed(verdicts)}## All figures

${table(
  [
    "fault",
    "engine",
    "times",
    "gap: median",
    "p99",
    "worst",
    "after the heal",
    "two holders",
    "two ARP answers",
    "requests lost",
    "as before",
  ],
  summaries.map((summary, index) => figures(summary, summaries[index - 1])),
  2,
)}

- **gap**: the longest time in which no new connection through the VIP was answered (TCP, TLS and \`GET /readyz\`, tried every
  20 ms from a worker). It began before the heal. p99 is the nearest rank: with fewer than 100 repetitions it is the worst.
- **after the heal**: the worst gap that began with the heal or later, while the struck machine came back.
- **two holders**: how long two or more control planes had the VIP among their addresses, all repetitions together. It is the
  heal that ends it, or with the classic engine a restart of Heartbeat: without them it would be longer.
- **two ARP answers**: questions for the VIP, one every 50 ms, that two machines answered.
- **requests lost**: attempts that failed, and so did the first that was due once that was known: a client that repeats once lost
  them. All repetitions together.
- **as before**: how often one machine held the VIP, every path answered and etcd was whole again after the heal, by itself.${notes(summaries)}

## The run

${circumstances(head)}

\`results.jsonl\` has the figures of each repetition, \`histories/\` all that was recorded meanwhile, compressed.
\`./molly bench vip --plot FOLDER\` measures and draws anew from them.
`;
}

function claimed(verdicts: readonly ClaimVerdict[]): string {
  if (verdicts.length === 0) return "";
  const rows = verdicts.map(({ claim, measured, verdict }) => [claim, measured, spoken[verdict]]);
  return `## What is claimed of \`lease\`\n\n${table(["claim", "measured", ""], rows)}\n\n`;
}

function figures(summary: Summary, before: Summary | undefined): string[] {
  const { engine, fault, measured, gap, open, healGap, twoHoldersMs, twoAnswers, lost, recovered } = summary;
  const two =
    twoHoldersMs.total === 0
      ? "never"
      : `**${duration(twoHoldersMs.total)}** in ${twoHoldersMs.repetitions}, worst ${duration(twoHoldersMs.worst)}`;
  return [
    before?.fault === fault ? "" : faultNames[fault],
    engineNames[engine],
    String(measured),
    duration(gap.median),
    duration(gap.p99),
    `${open ? "> " : ""}${duration(gap.worst)}`,
    duration(healGap.worst),
    two,
    String(twoAnswers),
    String(lost.total),
    `${recovered} of ${measured}`,
  ];
}

/** What a reader must know besides the figures. Empty when there is nothing. */
function notes(summaries: readonly Summary[]): string {
  const broken = summaries.filter(({ brokeOff }) => brokeOff > 0);
  const unseen = summaries.filter((summary) => summary.unseen > 0);
  const list = (of: readonly Summary[], count: (summary: Summary) => number): string =>
    of
      .map((summary) => `${faultNames[summary.fault]} with ${engineNames[summary.engine]} ${count(summary)}`)
      .join(", ");
  return [
    ...(broken.length > 0
      ? [`\n- **broke off**, and is in no figure: ${list(broken, ({ brokeOff }) => brokeOff)}.`]
      : []),
    ...(unseen.length > 0 ? [`\n- **not observed all the time**: ${list(unseen, (summary) => summary.unseen)}.`] : []),
  ].join("");
}

function circumstances({ plan, site, target, commit, dirty, startedAt }: BenchHead): string {
  const { lease, keepalived } = site.vip;
  const { keepaliveMs, deadMs } = site.heartbeat;
  return [
    `- ${startedAt}, commit \`${commit.slice(0, 12)}\`${dirty ? ", with changes that are not committed" : ""}`,
    `- ${target}`,
    `- one engine after the other; the order of the faults is the same for each, from seed ${plan.seed}`,
    `- ${repetitions(plan)}`,
    `- lease: term ${lease.termMs} ms, renewed every ${lease.renewMs} ms; keepalived: advertisements every ${keepalived.advertMs} ms; Heartbeat: dead`,
    `  after ${deadMs} ms, keep-alives every ${keepaliveMs} ms`,
  ].join("\n");
}

const repetitions = ({ powerOffs, classicPowerOffs, repetitions }: Plan): string =>
  `${counted(powerOffs, "power-off")} (${classicPowerOffs} with the classic engine), every other fault ${counted(repetitions, "time")}`;

/** @param numbersFrom the first column that is set flush right */
function table(head: readonly string[], rows: readonly (readonly string[])[], numbersFrom = Infinity): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column < numbersFrom ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column < numbersFrom ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
