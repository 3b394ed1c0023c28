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

/** In whose name Flux applies. */
const fluxManager = "kustomize-controller";

/** Whose fields Flux takes over and removes where they are not rendered (fieldManagers in its kustomization_controller.go). */
const isUndone = ({ manager = "" }: ManagedFields): boolean =>
  manager.startsWith("kubectl") || manager === "before-first-apply" || manager === fluxManager;

/** What Flux writes into what it applies, and how it is asked to look at once. */
const isFluxsOwn = (key: string): boolean =>
  /^(kustomize\.toolkit\.fluxcd\.io\/(name|namespace|checksum)|reconcile\.fluxcd\.io\/requestedAt)$/.test(key);

/**
 * An object without the fields that only people's kubectl, or Flux, have set and that are not rendered: what Flux removes at
 * its next sync. What controllers have set stays.
 * @param rendered as it is written
 */
export function withoutLeftOvers(object: Entries, rendered: Entries, managed: readonly ManagedFields[]): Entries {
  // A subresource has its own rights and its own authors: the API's status, an autoscaler's scale.
  const fields = (undone: boolean): FieldSet =>
    managed
      .filter((entry) => entry.subresource === undefined && isUndone(entry) === undone)
      .reduce<FieldSet>((union, { fieldsV1 = {} }) => merge(union, fieldsV1), {});
  // An empty `spec` that Flux applied is filled in by the API, for a namespace: the API's doing, noted as nobody's.
  const filled = Object.entries(fields(true)).filter(
    ([part, inner]) => Object.keys(inner).length > 0 || !isEntries(object[part.slice(2)]),
  );
  return strip(object, rendered, Object.fromEntries(filled), fields(false)) as Entries;
}

const merge = (one: FieldSet, other: FieldSet): FieldSet => ({
  ...one,
  ...Object.fromEntries(Object.entries(other).map(([part, inner]) => [part, merge(one[part] ?? {}, inner)])),
});

/** @param theirs what others have set too: it stays, whoever else wants it gone */
function strip(value: unknown, rendered: unknown, ours: FieldSet, theirs: FieldSet): unknown {
  if (Array.isArray(value)) return stripList(value, rendered, ours, theirs);
  if (!isEntries(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      const part = `f:${key}`;
      const wanted = isEntries(rendered) ? rendered[key] : undefined;
      const result = stripPart(inner, wanted, ours[part], theirs[part], isFluxsOwn(key));
      return result === gone ? [] : [[key, result]];
    }),
  );
}

function stripList(list: readonly unknown[], rendered: unknown, ours: FieldSet, theirs: FieldSet): unknown[] {
  const wanted: readonly unknown[] = Array.isArray(rendered) ? rendered : [];
  return list.flatMap((item) => {
    const part = [...Object.keys(ours)].find((one) => names(one, item));
    if (part === undefined) return [item];
    const same = wanted.find((one) => names(part, one, true));
    const result = stripPart(item, same && withKey(part, same), ours[part], theirs[part]);
    return result === gone ? [] : [result];
  });
}

const gone = Symbol("gone");

function stripPart(
  value: unknown,
  rendered: unknown,
  ours: FieldSet | undefined,
  theirs: FieldSet | undefined,
  stays = false,
): unknown {
  if (ours === undefined || stays) return value;
  if (rendered === undefined && theirs === undefined) return holdsOwn(value) ? strip(value, {}, ours, {}) : gone;
  return strip(value, rendered, ours, theirs ?? {});
}

/** Labels of which only Flux's own are left to stay. */
const holdsOwn = (value: unknown): boolean => isEntries(value) && Object.keys(value).some(isFluxsOwn);

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
