import { style } from "../../report/style.ts";
import { escape } from "../../report/svg.ts";
import type { Danger } from "../danger.ts";
import type { Diff, SiteChange } from "../model.ts";
import { type Block, type Section, sectionsOf } from "./details.ts";
import { headline, summarise } from "./summary.ts";

/** What the report of a run has no use for. */
const additions = `
.badge.none, .badge.low { background: var(--ok-paper); color: var(--ok); } .badge.medium { background: var(--unknown-paper); color: var(--unknown); }
.badge.high { background: var(--violated-paper); color: var(--violated); } .badge.critical { background: var(--violated); color: var(--card); }
.banner.none, .banner.low { border-left-color: var(--ok); } .banner.medium { border-left-color: var(--unknown); }
.banner.high, .banner.critical { border-left-color: var(--violated); }
.findings th[scope=rowgroup] { font-weight: 650; padding-top: 16px; }
.findings td:first-child { width: 1%; } .note { color: var(--soft); margin: 4px 0 12px; }
summary code { background: none; padding: 0; color: var(--ink); overflow-wrap: anywhere; } details { margin-top: 6px; }
pre { background: var(--track); border-radius: 8px; padding: 10px 12px; overflow-x: auto; margin: 6px 0 12px; font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre span { display: block; min-height: 1.5em; white-space: pre; } pre .add { color: var(--ok); background: var(--ok-paper); } pre .remove { color: var(--violated); background: var(--violated-paper); } pre .at { color: var(--soft); }
@media print { details > * { display: block; } }
`;

/** What a change means, as one page that needs nothing else: no script, no font, no image from anywhere. */
export const renderHtml = (diff: Diff): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(headline(diff))}</title>
<style>${style}${additions}</style>
</head>
<body>
<main>
<section class="banner ${diff.danger}">
<h1>${escape(headline(diff))}</h1>
${diff.sites.map(summary).join("\n")}
</section>
${diff.sites.flatMap((change) => sectionsOf(change).map((section) => sectionText(section, change))).join("\n")}
<footer>Secrets are compared and never shown. What Terraform does is estimated unless a plan was given.</footer>
</main>
</body>
</html>
`;

const badge = (danger: Danger): string => `<span class="badge ${danger}">${danger}</span>`;

function summary(change: SiteChange): string {
  const { site, counts, topics, left } = summarise(change);
  const groups = topics.map(
    ({ title, lines }) =>
      `<tbody><tr><th scope="rowgroup" colspan="2">${escape(title)}</th></tr>${lines
        .map(({ danger, text }) => `<tr><td>${badge(danger)}</td><td>${escape(text)}</td></tr>`)
        .join("")}</tbody>`,
  );
  return `<p class="lead">${escape(site)}: ${counts.map(escape).join(" &nbsp;·&nbsp; ")}</p>
<div class="scroll"><table class="findings">${groups.join("")}</table></div>${left === 0 ? "" : `<p class="note">and ${left} more, none of them worse</p>`}`;
}

const sectionText = ({ title, note, blocks }: Section, { site }: SiteChange): string => `<section class="scenario">
<header><h2>${escape(title)}</h2><p>${escape(site)}</p></header>
${note === undefined ? "" : `<p class="note">${escape(note)}</p>`}
${blocks.map(blockText).join("\n")}
</section>`;

/** A few lines are seen at once; more are unfolded. */
const fewLines = 12;

const blockText = ({ title, lines }: Block): string =>
  `<details${lines.length <= fewLines ? " open" : ""}><summary><code>${escape(title)}</code></summary>${
    lines.length === 0 ? "" : `<pre>${lines.map(lineText).join("")}</pre>`
  }</details>`;

const classes: Readonly<Record<string, string>> = { "+": "add", "-": "remove", "@": "at" };

const lineText = (line: string): string => {
  const name = classes[line.slice(0, 1)];
  return `<span${name === undefined ? "" : ` class="${name}"`}>${escape(line)}</span>`;
};
