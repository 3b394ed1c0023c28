/** One cell of a table, whatever is in it: no markup, no mention, no column of its own, one line. */
export const cell = (text: string): string =>
  escaped(text)
    .replaceAll("|", "\\|")
    .replaceAll(/\s*\n\s*/g, " ");

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("@", "&#64;");

/** Text as it is, whatever is in it. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** Folded, under a line that is always seen. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${escaped(title)}</summary>\n\n${body}\n\n</details>`;
