import { isFluxsMark } from "./policies.ts";

type Entries = Readonly<Record<string, unknown>>;

/** An entry of `metadata.managedFields`: who set which fields. */
export interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}

/** Fields as the API server keeps them: `f:spec`, `k:{"name":"web"}`, `v:"finalizer"`; `.` stands for the thing itself. */
export interface FieldSet {
  readonly [part: string]: FieldSet;
}

/** Whose fields Flux takes over, and so removes where they are not rendered (fieldManagers in its kustomization_controller.go). */
const isTakenOver = ({ manager = "", subresource }: ManagedFields): boolean =>
  subresource === undefined && (manager.startsWith("kubectl") || manager === "before-first-apply");

/** What it applied itself and no longer does, the API has dropped already. */
const isFlux = ({ manager }: ManagedFields): boolean => manager === "kustomize-controller";

/** Marks of Flux's, and how it is asked to look at once. */
const stays = (key: string): boolean => isFluxsMark(key) || key === "reconcile.fluxcd.io/requestedAt";

export interface LeftOversProps {
  readonly object: Entries;
  /** As it is written. */
  readonly rendered: Entries;
  readonly managed: readonly ManagedFields[];
  /** A new one as it would be: what is removed comes back so. */
  readonly defaults?: Entries | undefined;
}

/**
 * An object without the fields that only people's kubectl has set and that are not rendered: what Flux removes at its next sync.
 * What controllers have set stays.
 */
export function withoutLeftOvers({ object, rendered, managed, defaults }: LeftOversProps): Entries {
  const union = (entries: readonly ManagedFields[]): FieldSet =>
    entries.reduce<FieldSet>((all, { fieldsV1 = {} }) => merge(all, fieldsV1), {});
  const ours = union(managed.filter(isTakenOver));
  const theirs = union(managed.filter((entry) => !isTakenOver(entry) && !isFlux(entry)));
  return strip(object, { rendered, ours, theirs, defaults }) as Entries;
}

const merge = (one: FieldSet, other: FieldSet): FieldSet => ({
  ...one,
  ...Object.fromEntries(Object.entries(other).map(([part, inner]) => [part, merge(one[part] ?? {}, inner)])),
});

/** What is known of one value, on the way into it. */
interface Known {
  readonly rendered: unknown;
  readonly ours: FieldSet;
  /** What others have set too: it stays, whoever else wants it gone. */
  readonly theirs: FieldSet;
  readonly defaults: unknown;
}

function strip(value: unknown, known: Known): unknown {
  if (Array.isArray(value)) return stripList(value, known);
  if (!isEntries(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      if (stays(key)) return [[key, inner]];
      const of = (whole: unknown): unknown => (isEntries(whole) ? whole[key] : undefined);
      const result = stripPart(inner, `f:${key}`, known, of(known.rendered), of(known.defaults));
      return result === gone ? [] : [[key, result]];
    }),
  );
}

function stripList(list: readonly unknown[], known: Known): unknown[] {
  return list.flatMap((item) => {
    const part = Object.keys(known.ours).find((one) => names(one, item));
    if (part === undefined) return [item];
    const of = (whole: unknown): unknown =>
      Array.isArray(whole) ? (whole as unknown[]).find((one) => names(part, one, true)) : undefined;
    const wanted = of(known.rendered);
    const result = stripPart(item, part, known, wanted && withKey(part, wanted), of(known.defaults));
    return result === gone ? [] : [result];
  });
}

const gone = Symbol("gone");

function stripPart(value: unknown, part: string, known: Known, rendered: unknown, defaults: unknown): unknown {
  const ours = known.ours[part];
  if (ours === undefined) return value;
  const theirs = known.theirs[part];
  const isOurs = "." in ours || Object.keys(ours).length === 0;
  if (rendered !== undefined || theirs !== undefined || !isOurs || holdsMarks(value))
    return strip(value, { rendered, ours, theirs: theirs ?? {}, defaults });
  return defaults ?? gone;
}

const holdsMarks = (value: unknown): boolean => isEntries(value) && Object.keys(value).some(stays);

/** Whether a part of a field set stands for an element of a list. Where it is written, what has a default may be left out. */
function names(part: string, item: unknown, written = false): boolean {
  const [kind, text] = [part.slice(0, 2), part.slice(2)];
  if (kind === "v:") return JSON.stringify(item) === JSON.stringify(JSON.parse(text));
  if (kind !== "k:" || !isEntries(item)) return false;
  return Object.entries(JSON.parse(text) as Entries).every(
    ([key, value]) => item[key] === value || (written && item[key] === undefined),
  );
}

/** An element as it is written, with what it is known by: the API owes that to whoever wrote it, default or not. */
const withKey = (part: string, item: unknown): unknown =>
  isEntries(item) ? { ...(JSON.parse(part.slice(2)) as Entries), ...item } : item;

const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);
