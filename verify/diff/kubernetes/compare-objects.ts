import type { ObjectChange } from "../model.ts";
import type { Tree } from "../tree.ts";
import { compareValues } from "../values/compare-values.ts";
import { foldCrd } from "./crd.ts";
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
  // What is the same text in both, and is listed in both, is the same object: it is not read.
  const same = sameFiles(files.before, files.after);
  const sides = { before: readObjects(files.before, same), after: readObjects(files.after, same) };
  const pairs = pairsOf(sides.before.byId, sides.after.byId);
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

function pairsOf(before: Objects["byId"], after: Objects["byId"]): Pair[] {
  const removed = [...before.values()].filter(({ id }) => !after.has(id));
  const added = [...after.values()].filter(({ id }) => !before.has(id));
  const renames = findRenames(removed, added);
  const renamedFrom = new Map([...renames].map(([old, young]) => [young.id, old]));
  const changes = [...after.values()].flatMap((young): Pair[] => {
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

const only = (action: "added" | "removed", { told, file }: KubernetesObject): ObjectChange => ({
  object: told,
  action,
  file,
  fields: [],
});

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
