import type { Danger } from "../danger.ts";
import type { Diff, SiteChange } from "../model.ts";
import { type Block, sectionsOf } from "./details.ts";
import { headline, summarise } from "./summary.ts";

const colour: Readonly<Record<Danger, number>> = { none: 32, low: 32, medium: 33, high: 31, critical: 35 };

export interface TerminalOptions {
  readonly colours: boolean;
  /** Only the summary, which fits on one screen. */
  readonly summaryOnly?: boolean;
}

/** What a change means, for a terminal: the summary, then every difference. */
export function renderTerminal(diff: Diff, { colours, summaryOnly = false }: TerminalOptions): string {
  const paint = (code: number, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const mark = (danger: Danger): string => paint(colour[danger], danger.padEnd(8));
  const summaries = diff.sites.flatMap((change) => summaryLines(change, mark, diff.sites.length));
  const details = summaryOnly ? [] : diff.sites.flatMap((change) => detailLines(change, paint));
  return `${[paint(colour[diff.danger], headline(diff)), ...summaries, ...details].join("\n")}\n`;
}

function summaryLines(change: SiteChange, mark: (danger: Danger) => string, sites: number): string[] {
  const { site, counts, topics, left } = summarise(change, sites);
  return [
    ...counts.map((line) => `  ${site}: ${line}`),
    ...topics.flatMap(({ title, lines }) => [
      `${title}`,
      ...lines.map(({ danger, text }) => `  ${mark(danger)}  ${text}`),
    ]),
    ...(left === 0 ? [] : [`  and ${left} more, none of them worse: see --format json`]),
  ];
}

type Paint = (code: number, text: string) => string;

const detailLines = (change: SiteChange, paint: Paint): string[] =>
  sectionsOf(change).flatMap(({ title, note, blocks }) => [
    "",
    paint(1, `${title} (${change.site})`),
    ...(note === undefined ? [] : [`  ${note}`]),
    ...blocks.flatMap((block) => blockLines(block, paint)),
  ]);

const blockLines = ({ title, lines }: Block, paint: Paint): string[] => [
  `  ${title}`,
  ...lines.map(
    (line) => `    ${line.startsWith("+") ? paint(32, line) : line.startsWith("-") ? paint(31, line) : line}`,
  ),
];
