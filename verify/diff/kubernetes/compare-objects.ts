import type { ObjectChange } from "../model.ts";
import type { Tree } from "../tree.ts";
import { compareValues, fieldsOf } from "../values/compare-values.ts";
import { foldCrd, foldNewCrd, isCrd } from "./crd.ts";
import { isFluxKustomization, type Kustomization, kustomizationOf } from "./flux.ts";
import { type KubernetesObject, type Objects, readObjects } from "./objects.ts";
import { findRenames } from "./renames.ts";

/** One object on both sides. */
export interface Pair {
  readonly before?: KubernetesObject;
  readonly after?: KubernetesObject;
  readonly change: ObjectChange;
}

export interface ClusterChange {
  readonly pairs: readonly Pair[];
  readonly before: Objects;
  readonly after: Objects;
  /** Flux's Kustomizations on both sides, changed or not. */
  readonly kustomizations: { readonly before: readonly Kustomization[]; readonly after: readonly Kustomization[] };
  /** Files whose text differs and whose objects do not. */
  readonly formOnly: readonly string[];
}

/** @param before, after the files below a site's folder */
export function compareClusters(before: Tree, after: Tree): ClusterChange {
  const files = { before: clusterFiles(before), after: clusterFiles(after) };
  const sides = readSides(files.before, files.after);
  const pairs = pairsOf(sides.before, sides.after);
  const touched = new Set(pairs.flatMap(({ before: old, after: young }) => [old?.file, young?.file]));
  const differing = [...files.after].filter(
    ([path, { text }]) => files.before.has(path) && files.before.get(path)?.text !== text,
  );
  const unclear = new Set([...sides.before.unreadable, ...sides.after.unreadable].map(({ file }) => file));
  return {
    pairs,
    ...sides,
    kustomizations: { before: kustomizationsOf(files.before), after: kustomizationsOf(files.after) },
    formOnly: differing
      .map(([path]) => path)
      .filter((path) => !touched.has(path) && !unclear.has(path) && !isListChange(path, sides)),
  };
}

type Sides = Readonly<Record<"before" | "after", Objects>>;

/** What is the same text in both, and is listed in both, is the same object: it is not read, unless another claims its name. */
function readSides(before: Tree, after: Tree): Sides {
  const same = sameFiles(before, after);
  const read = (skipped: ReadonlySet<string>): Sides => ({
    before: readObjects(before, skipped),
    after: readObjects(after, skipped),
  });
  const sides = read(same);
  const names = new Set([...sides.after.byId.values()].map(({ kind, name }) => `${kind} ${name}`));
  const claimed = [...same].filter((path) => claims(after.get(path)?.text ?? "", names));
  return claimed.length === 0 ? sides : read(new Set([...same].filter((path) => !claimed.includes(path))));
}

/** Whether a text may hold one of these objects, as `Kind name`: by its words, which is faster than to read it. */
function claims(text: string, names: ReadonlySet<string>): boolean {
  const kinds = [...text.matchAll(/\bkind"?:\s*["']?([\w.-]+)/g)].map(([, kind = ""]) => kind);
  const called = [...text.matchAll(/\bname"?:\s*["']?([\w.:-]+)/g)].map(([, name = ""]) => name);
  return kinds.some((kind) => called.some((name) => names.has(`${kind} ${name}`)));
}

const clusterFiles = (tree: Tree): Tree =>
  new Map([...tree].filter(([path]) => path.startsWith("cluster/") && /\.ya?ml$/.test(path)));

/** A kustomization.yaml that now lists other files shows by their objects; files that nobody applies show nowhere. */
const isListChange = (path: string, { after }: { after: Objects }): boolean => after.unlisted.includes(path);

function sameFiles(before: Tree, after: Tree): ReadonlySet<string> {
  const lists = (tree: Tree): Map<string, string> =>
    new Map(
      [...tree]
        .filter(([path]) => /(^|\/)kustomization\.ya?ml$/.test(path))
        .map(([path, { text }]) => [path.replace(/\/[^/]*$/, ""), text]),
    );
  const [old, young] = [lists(before), lists(after)];
  const folderOf = (path: string): string => path.replace(/\/[^/]*$/, "");
  return new Set(
    [...after]
      .filter(
        ([path, { text }]) => before.get(path)?.text === text && old.get(folderOf(path)) === young.get(folderOf(path)),
      )
      .map(([path]) => path),
  );
}

/** Few files, and their names tell nothing: those that speak of Flux's Kustomizations are read on both sides. */
function kustomizationsOf(files: Tree): Kustomization[] {
  const flux = new Map([...files].filter(([, { text }]) => text.includes("kustomize.toolkit.fluxcd.io/")));
  return [...readObjects(flux).byId.values()].filter(isFluxKustomization).map(kustomizationOf);
}

function pairsOf({ byId: before, unreadable: unclearBefore }: Objects, { byId: after, unreadable }: Objects): Pair[] {
  // Of a file that can't be read nobody knows what is in it: neither gone nor new.
  const unclear = new Set([...unclearBefore, ...unreadable].map(({ file }) => file));
  const clear = (objects: Objects["byId"]): KubernetesObject[] =>
    [...objects.values()].filter(({ file }) => !unclear.has(file));
  const removed = clear(before).filter(({ id }) => !after.has(id));
  const added = clear(after).filter(({ id }) => !before.has(id));
  const renames = findRenames(removed, added);
  const renamedFrom = new Map([...renames].map(([old, young]) => [young.id, old]));
  const changes = clear(after).flatMap((young): Pair[] => {
    const old = before.get(young.id);
    if (old !== undefined) return changed(old, young);
    const from = renamedFrom.get(young.id);
    return [from === undefined ? { after: young, change: only("added", young) } : renamed(from, young)];
  });
  const gone = removed
    .filter((old) => !renames.has(old))
    .map((old): Pair => ({ before: old, change: only("removed", old) }));
  return [...changes, ...gone].sort((a, b) => (a.change.object < b.change.object ? -1 : 1));
}

const only = (action: "added" | "removed", object: KubernetesObject): ObjectChange => ({
  ...{ object: object.told, action, file: object.file },
  fields:
    action === "added" && !isCrd(object) ? fieldsOf(object.content).filter(({ path }) => !identity.test(path)) : [],
  ...(action === "added" && isCrd(object) ? { folded: foldNewCrd(object) } : {}),
});

/** What an object's title says already. */
const identity = /^(kind|metadata\.(name|namespace))$/;

function changed(before: KubernetesObject, after: KubernetesObject): Pair[] {
  const folded = foldCrd(before, after);
  const fields = folded ? [] : compareValues(before.content, after.content);
  if (fields.length === 0 && (folded?.length ?? 0) === 0) return [];
  const change: ObjectChange = {
    object: after.told,
    action: "changed",
    file: after.file,
    fields,
    ...(folded ? { folded } : {}),
  };
  return [{ before, after, change }];
}

const renamed = (before: KubernetesObject, after: KubernetesObject): Pair => ({
  ...{ before, after },
  change: {
    object: after.told,
    action: "renamed",
    from: before.told,
    file: after.file,
    fields: compareValues(before.content, after.content),
  },
});
