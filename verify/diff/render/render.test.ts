import { describe, expect, test } from "vitest";
import { compareTrees } from "../compare.ts";
import { base } from "../fixtures/base.ts";
import { prepared } from "../fixtures/changes.ts";
import { add, all, rewrite } from "../fixtures/edit.ts";
import { commitOf } from "../fixtures/sides.ts";
import { renderHtml } from "./html.ts";
import { commentLimit, commentMark, renderMarkdown } from "./markdown.ts";

const names = Array.from({ length: 1500 }, (_, index) => `configmap-filler-${index}.yaml`);
const many = all(
  rewrite("cluster/apps/kustomization.yaml", (text) => text + names.map((name) => `  - ${name}\n`).join("")),
  ...names.map((name) =>
    add(
      `cluster/apps/${name}`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name.slice(0, -5)}\ndata:\n  text: "ünïcödé ${"x".repeat(60)}"\n`,
    ),
  ),
);

/** As a reader of Markdown: fences and folds that are open at the end. */
function openAtEnd(markdown: string) {
  let fence: string | undefined;
  let folds = 0;
  for (const line of markdown.split("\n")) {
    const ticks = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined && ticks !== undefined) fence = ticks;
    else if (fence !== undefined && line.trim() === fence) fence = undefined;
    else if (fence === undefined)
      folds += (line.match(/<details>/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
  }
  return { fence, folds };
}

describe("Markdown", () => {
  const { before, after } = commitOf(base, many);
  const long = renderMarkdown(compareTrees(before, after));

  test("fits into a comment, in bytes too, and uses the room", () => {
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(commentLimit);
    expect(Buffer.byteLength(long)).toBeGreaterThan(commentLimit * 0.95);
  });

  test("says how much it left out", () => expect(long).toMatch(/_\d+ more changes do not fit into a comment/));

  test("begins with what the comment is found by", () => expect(long.startsWith(commentMark)).toBe(true));

  test.each([
    { name: "the long one", text: long },
    ...prepared.map(({ name, edit }) => {
      const sides = commitOf(base, edit);
      return { name, text: renderMarkdown(compareTrees(sides.before, sides.after)) };
    }),
  ])("is cut in the middle of nothing: $name", ({ text }) => {
    expect(openAtEnd(text)).toEqual({ fence: undefined, folds: 0 });
  });

  test("a mention in a value or a name notifies nobody, outside of code there is none", () => {
    const edit = prepared.find(({ name }) => name.startsWith("names that want"))?.edit ?? ((tree) => tree);
    const sides = commitOf(base, edit);
    const text = renderMarkdown(compareTrees(sides.before, sides.after));
    const prose = text.replaceAll(/^(`{3,})diff\n[^]*?\n\1$/gm, "").replaceAll(/(`+)[^]*?\1/g, "");
    expect(prose).not.toMatch(/@everyone|<script/);
  });
});

test("HTML: what is compared is text and never markup", () => {
  const edit = prepared.find(({ name }) => name.startsWith("names that want"))?.edit ?? ((tree) => tree);
  const { before, after } = commitOf(base, edit);
  const page = renderHtml(compareTrees(before, after));
  expect(page).not.toContain("<script");
  expect(page).toContain("&lt;script&gt;");
  expect(page).not.toMatch(/(src|href)="?http/);
});
