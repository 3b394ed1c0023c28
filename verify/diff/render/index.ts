import type { Diff } from "../model.ts";
import { renderHtml } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderTerminal, type TerminalOptions } from "./terminal.ts";

export const formats = ["terminal", "summary", "markdown", "html", "json"] as const;
export type Format = (typeof formats)[number];

/** What a change means, in one of its forms. Only the terminal's has colours. */
export function renderDiff(diff: Diff, format: Format, { colours }: TerminalOptions): string {
  switch (format) {
    case "terminal":
      return renderTerminal(diff, { colours });
    case "summary":
      return renderTerminal(diff, { colours, summaryOnly: true });
    case "markdown":
      return renderMarkdown(diff);
    case "html":
      return renderHtml(diff);
    case "json":
      return `${JSON.stringify(diff, undefined, 2)}\n`;
  }
}
