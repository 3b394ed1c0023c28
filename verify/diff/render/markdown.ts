import type { Danger } from "../danger.ts";
import type { Diff } from "../model.ts";
import { type Block, type Section, sectionsOf } from "./details.ts";
import { headline, type SiteSummary, summarise } from "./summary.ts";

/** What a comment of GitHub's may have. It counts characters; bytes are never fewer. */
export const commentLimit = 65_536;

/** How the comment is found again that is to be updated. */
export const commentMark = "<!-- molly-diff -->";

const sign: Readonly<Record<Danger, string>> = { none: "⚪", low: "🟢", medium: "🟡", high: "🟠", critical: "🔴" };

/** Room for the line that says what was left out. */
const reserve = 400;

/**
 * What a change means, as a comment: the summary, then everything folded. What does not fit is left out in whole blocks,
 * and named as far as that fits.
 */
export function renderMarkdown(diff: Diff): string {
  const head = [
    commentMark,
    `### ${sign[diff.danger]} ${code(headline(diff))}`,
    ...diff.sites.map((change) => summaryText(summarise(change))),
  ].join("\n\n");
  const fitted = new Fitted(head, commentLimit - reserve);
  for (const change of diff.sites)
    for (const section of sectionsOf(change)) addSection(fitted, section, diff.sites.length > 1 ? change.site : "");
  return fitted.text();
}

/** Text that grows by whole parts as long as there is room. */
class Fitted {
  readonly #parts: string[];
  #room: number;
  #left = 0;

  constructor(head: string, limit: number) {
    this.#parts = [head];
    this.#room = limit - Buffer.byteLength(head);
  }

  /** @returns whether it had room */
  add(part: string): boolean {
    const size = Buffer.byteLength(part) + 2;
    if (size > this.#room) return false;
    this.#parts.push(part);
    this.#room -= size;
    return true;
  }

  leaveOut(count: number): void {
    this.#left += count;
  }

  text(): string {
    const rest =
      this.#left === 0
        ? []
        : [`_${this.#left} more changes do not fit into a comment: \`./molly diff\` and the HTML report have them._`];
    return `${[...this.#parts, ...rest].join("\n\n")}\n`;
  }
}

function summaryText({ site, counts, topics, left }: SiteSummary): string {
  const rows = topics.flatMap(({ title, lines }) =>
    lines.map(({ danger, text }) => `| ${sign[danger]} ${danger} | ${title} | ${cell(text)} |`),
  );
  const table = rows.length === 0 ? [] : ["", "| danger | about | what |", "| --- | --- | --- |", ...rows];
  const more = left === 0 ? [] : ["", `_and ${left} more, none of them worse_`];
  return [`**${code(site)}** ${counts.map(code).join(" · ")}`, ...table, ...more].join("\n");
}

/** A code span shows text as it is: no mention, no link, no markup. */
function code(text: string): string {
  const ticks = "`".repeat(longestRun(text, /`+/g) + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${space}${text}${space}${ticks}`;
}

/** A code span within a table, where a bar would end the cell. */
const cell = (text: string): string => code(text.replaceAll("|", "\\|"));

function addSection(fitted: Fitted, { title, note, blocks }: Section, site: string): void {
  const heading = `#### ${code(site === "" ? title : `${site}: ${title}`)}${note === undefined ? "" : `\n\n${code(note)}`}`;
  const texts = blocks.map(blockText);
  const [first] = texts;
  if (first === undefined || !fitted.add(`${heading}\n\n${first}`)) return fitted.leaveOut(blocks.length);
  for (const text of texts.slice(1)) if (!fitted.add(text)) fitted.leaveOut(1);
}

/** A block alone may be too long for any comment. */
const mostLines = 200;

function blockText({ title, lines }: Block): string {
  const summary = `<summary><code>${escaped(title)}</code></summary>`;
  if (lines.length === 0) return `<details>${summary}</details>`;
  const shown = lines.length > mostLines ? [` ${lines.length} lines, too many for a comment`] : lines;
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n"), /`+/g) + 1));
  return `<details>${summary}\n\n${fence}diff\n${shown.join("\n")}\n${fence}\n\n</details>`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("@", "&#64;");

const longestRun = (text: string, pattern: RegExp): number =>
  Math.max(0, ...[...text.matchAll(pattern)].map(([run]) => run.length));
