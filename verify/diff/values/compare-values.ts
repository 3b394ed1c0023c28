import { Hidden } from "./hidden.ts";
import { compareTexts, type Hunk } from "./lines.ts";
import { matchByFlag, matchByName } from "./match-lists.ts";
import { keysOf, type Step, tellPath } from "./paths.ts";
import { hiddenText } from "./secret-text.ts";
import { showValue } from "./show-value.ts";

/** One difference between two values. */
export interface FieldChange {
  /** Where: `spec.containers[canal].image`. */
  readonly path: string;
  /** `moved`: elements of a list stand in another order; `text`: lines of a longer text differ. */
  readonly kind: "added" | "removed" | "changed" | "moved" | "text";
  /** As JSON, without secrets. */
  readonly before?: string;
  readonly after?: string;
  readonly hunks?: readonly Hunk[];
}

/** Lists whose order has a meaning, though their elements have no names. */
const isSequence = (steps: readonly Step[]): boolean => /^(args|command|argv)$/.test(keysOf(steps).at(-1) ?? "");

/** Every difference between two values, in the order of the second; lists are matched by what names their elements. */
export function compareValues(before: unknown, after: unknown, at: readonly Step[] = []): FieldChange[] {
  if (isSame(before, after)) return [];
  if (before === undefined) return [{ path: tellPath(at), kind: "added", after: showValue(after) }];
  if (after === undefined) return [{ path: tellPath(at), kind: "removed", before: showValue(before) }];
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, at);
  if (isEntries(before) && isEntries(after)) return compareEntries(before, after, at);
  return [compareScalars(before, after, at)];
}

/** Every field of a value that is all new, down to the last. */
export function fieldsOf(value: unknown, at: readonly Step[] = []): FieldChange[] {
  if (isEntries(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, [...at, { key }]));
  const match = Array.isArray(value) && value.some(isEntries) ? matchByName([], value) : undefined;
  if (match) return match.pairs.flatMap(({ name, after }) => fieldsOf(after, [...at, { named: name }]));
  if (typeof value === "string" && value.includes("\n"))
    return [{ path: tellPath(at), kind: "text", hunks: compareTexts("", value) }];
  return [{ path: tellPath(at), kind: "added", after: showValue(value) }];
}

type Entries = Readonly<Record<string, unknown>>;

const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Hidden);

function compareEntries(before: Entries, after: Entries, at: readonly Step[]): FieldChange[] {
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...keys].flatMap((key) => compareValues(own(before, key), own(after, key), [...at, { key }]));
}

/** A key such as `constructor` is what the text says, not what every object has. */
const own = (entries: Entries, key: string): unknown => (Object.hasOwn(entries, key) ? entries[key] : undefined);

function compareLists(before: readonly unknown[], after: readonly unknown[], at: readonly Step[]): FieldChange[] {
  const match = matchByName(before, after) ?? matchByFlag(before, after);
  if (match !== undefined) {
    const { pairs, moved } = match;
    const order = moved ? [movedTo(at, moved.before, moved.after)] : [];
    const inside = pairs.flatMap(({ name, before: old, after: young }) =>
      compareValues(old, young, [...at, { named: name }]),
    );
    return [...inside, ...order];
  }
  return isSequence(at) ? compareByPlace(before, after, at) : compareAsSets(before, after, at);
}

const movedTo = (at: readonly Step[], before: readonly unknown[], after: readonly unknown[]): FieldChange => ({
  path: tellPath(at),
  kind: "moved",
  before: showValue(before),
  after: showValue(after),
});

const compareByPlace = (before: readonly unknown[], after: readonly unknown[], at: readonly Step[]): FieldChange[] =>
  Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, index) =>
    compareValues(before[index], after[index], [...at, { index }]),
  );

/** What both have counts as the same wherever it stands; what is left is compared in its order. */
function compareAsSets(before: readonly unknown[], after: readonly unknown[], at: readonly Step[]): FieldChange[] {
  const left = [...before];
  const news = after.filter((item) => {
    const index = left.findIndex((other) => isSame(other, item));
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
  if (left.length === 0 && news.length === 0) return [movedTo(at, before, after)];
  const indexOf = (item: unknown): Step => ({ index: Math.max(0, after.indexOf(item)) });
  const paired = Math.min(left.length, news.length);
  const areEntries = [...left, ...news].every(isEntries);
  if (areEntries)
    return [
      ...news.flatMap((item, index) => compareValues(left[index], item, [...at, indexOf(item)])),
      ...left.slice(paired).flatMap((item) => compareValues(item, undefined, [...at, { index: before.indexOf(item) }])),
    ];
  return [
    ...left.map((item): FieldChange => ({ path: tellPath(at), kind: "removed", before: showValue(item) })),
    ...news.map((item): FieldChange => ({ path: tellPath(at), kind: "added", after: showValue(item) })),
  ];
}

function compareScalars(before: unknown, after: unknown, at: readonly Step[]): FieldChange {
  const path = tellPath(at);
  if (typeof before === "string" && typeof after === "string" && (before.includes("\n") || after.includes("\n")))
    return { path, kind: "text", hunks: compareTexts(before, after) };
  const [old, young] = [showValue(before), showValue(after)];
  // What differs is a secret inside of it, or the value itself.
  return { path, kind: "changed", before: old, after: old === young ? `another ${hiddenText}` : young };
}

/** Whether two values are the same: entries in any order, lists in theirs. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Hidden || b instanceof Hidden) return a instanceof Hidden && b instanceof Hidden && a.equals(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isEntries(a) || !isEntries(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
