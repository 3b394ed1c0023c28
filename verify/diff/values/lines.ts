import { hideInLines } from "./secret-text.ts";

/** One line of a unified diff. */
export interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Lines that belong together, with the numbers of the first line on both sides, from 1. */
export interface Hunk {
  readonly before: number;
  readonly after: number;
  readonly lines: readonly Line[];
}

const context = 3;

/** Two texts that differ in more lines than this are told as one replacing the other: nobody reads such a diff. */
const mostEdits = 1500;

/** What differs between two texts, with three lines around it; secrets are compared and not shown. */
export function compareTexts(before: string, after: string): Hunk[] {
  const [old, young] = [linesOf(before), linesOf(after)];
  return hunksOf(edits(old, young), hideInLines(old), hideInLines(young));
}

/** Without the newline that ends a text; a text without one says so, as `diff` does. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  else lines.push("\\ No newline at end of file");
  return lines;
}

/** `keep`: one line of each side; the others: one line of theirs. */
type Edit = "keep" | "remove" | "add";

function edits(before: readonly string[], after: readonly string[]): Edit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const keep = (count: number): Edit[] => Array.from({ length: count }, () => "keep");
  const middle = shortest(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...keep(start), ...middle, ...keep(end)];
}

/** Myers, "An O(ND) Difference Algorithm and Its Variations", 1986: the fewest edits, removals first. */
function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const [n, m] = [before.length, after.length];
  const whole: Edit[] = [...before.map((): Edit => "remove"), ...after.map((): Edit => "add")];
  if (n === 0 || m === 0) return whole;
  const limit = Math.min(n + m, mostEdits);
  const offset = limit + 1;
  const furthest = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= limit; d++) {
    trace.push(furthest.slice());
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, offset + k - 1) < at(furthest, offset + k + 1));
      let x = down ? at(furthest, offset + k + 1) : at(furthest, offset + k - 1) + 1;
      while (x < n && x - k < m && before[x] === after[x - k]) x++;
      furthest[offset + k] = x;
      if (x >= n && x - k >= m) return backtrack(trace, offset, n, m);
    }
  }
  return whole;
}

const at = (array: Int32Array, index: number): number => array[index] ?? 0;

function backtrack(trace: readonly Int32Array[], offset: number, n: number, m: number): Edit[] {
  const reversed: Edit[] = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d] as Int32Array;
    const k = x - y;
    const down = k === -d || (k !== d && at(furthest, offset + k - 1) < at(furthest, offset + k + 1));
    const previous = down ? k + 1 : k - 1;
    const startX = d === 0 ? 0 : at(furthest, offset + previous);
    const startY = d === 0 ? 0 : startX - previous;
    while (x > startX && y > startY) {
      reversed.push("keep");
      x--;
      y--;
    }
    if (d > 0) reversed.push(down ? "add" : "remove");
    [x, y] = [startX, startY];
  }
  return reversed.reverse();
}

function hunksOf(script: readonly Edit[], before: readonly string[], after: readonly string[]): Hunk[] {
  const hunks: { before: number; after: number; lines: Line[] }[] = [];
  const near = nearChanges(script);
  let [x, y] = [0, 0];
  let open = false;
  for (const [index, edit] of script.entries()) {
    if (near[index]) {
      if (!open) hunks.push({ before: x + 1, after: y + 1, lines: [] });
      const sign = edit === "keep" ? " " : edit === "remove" ? "-" : "+";
      hunks.at(-1)?.lines.push({ sign, text: (edit === "add" ? after[y] : before[x]) ?? "" });
    }
    open = near[index] ?? false;
    if (edit !== "add") x++;
    if (edit !== "remove") y++;
  }
  return hunks;
}

function nearChanges(script: readonly Edit[]): boolean[] {
  const near = script.map(() => false);
  for (const [index, edit] of script.entries())
    if (edit !== "keep")
      for (let other = index - context; other <= index + context; other++)
        if (other >= 0 && other < near.length) near[other] = true;
  return near;
}
