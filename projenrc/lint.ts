import { JsonFile, type javascript } from "projen";

/** Prettier formats, ESLint judges (eslint.config.js: hand-written, it holds the one-way import rule). */
export function setupLint(project: javascript.NodeProject): void {
  new JsonFile(project, ".prettierrc.json", { marker: false, obj: { printWidth: 120, quoteProps: "consistent" } });
}
