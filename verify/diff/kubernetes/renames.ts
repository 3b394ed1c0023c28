import type { KubernetesObject } from "./objects.ts";

/** Share of its leaves that an object must have in common with the one that it was. */
const alike = 0.7;

/** Pairs of one kind that are compared leaf by leaf; among more, only those with the very same content are found. */
const mostPairs = 10_000;

/** By the object that is gone, the one that is new and nearly the same: of one kind, under another name. */
export function findRenames(
  removed: readonly KubernetesObject[],
  added: readonly KubernetesObject[],
): Map<KubernetesObject, KubernetesObject> {
  const renames = new Map<KubernetesObject, KubernetesObject>();
  const news = Map.groupBy(added, kindOf);
  for (const [kind, gone] of Map.groupBy(removed, kindOf)) {
    const candidates = news.get(kind) ?? [];
    const find = gone.length * candidates.length > mostPairs ? findEqual : findAlike;
    for (const [old, young] of find(withLeaves(gone), withLeaves(candidates))) renames.set(old, young);
  }
  return renames;
}

interface WithLeaves {
  readonly object: KubernetesObject;
  /** As they are written. */
  readonly leaves: ReadonlySet<string>;
  /** With a sign in place of the object's own name: labels and selectors are often renamed with it. */
  readonly nameless: ReadonlySet<string>;
}

type Renames = readonly (readonly [KubernetesObject, KubernetesObject])[];

const withLeaves = (objects: readonly KubernetesObject[]): WithLeaves[] =>
  objects.map((object) => ({ object, leaves: leavesOf(object), nameless: leavesOf(object, object.name) }));

function findEqual(gone: readonly WithLeaves[], candidates: readonly WithLeaves[]): Renames {
  const textOf = ({ nameless }: WithLeaves): string => [...nameless].sort().join("\n");
  const free = Map.groupBy(candidates, textOf);
  return gone.flatMap((old) => {
    const twin = free.get(textOf(old))?.shift();
    return twin === undefined ? [] : [[old.object, twin.object] as const];
  });
}

function findAlike(gone: readonly WithLeaves[], candidates: readonly WithLeaves[]): Renames {
  const free = new Set(candidates);
  return gone.flatMap((old) => {
    const [best] = [...free]
      .map((young) => ({
        young,
        share: Math.max(similarity(old.leaves, young.leaves), similarity(old.nameless, young.nameless)),
      }))
      .filter(({ share }) => share >= alike)
      .sort((a, b) => b.share - a.share);
    if (best === undefined) return [];
    free.delete(best.young);
    return [[old.object, best.young.object] as const];
  });
}

const kindOf = ({ id, kind }: KubernetesObject): string => `${id.slice(0, id.indexOf("/"))}/${kind}`;

/** Paths with their values, without the name itself. */
function leavesOf({ content }: KubernetesObject, ownName?: string): ReadonlySet<string> {
  const leaves = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((item) => walk(item, `${path}[]`));
    else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    else if (path !== "metadata.name")
      leaves.add(`${path}=${value === ownName ? "(its name)" : JSON.stringify(value)}`);
  };
  for (const [key, value] of Object.entries(content)) if (key !== "apiVersion" && key !== "kind") walk(value, key);
  return leaves;
}

/** Jaccard's index. Two that have nothing but a name are as alike as can be. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((leaf) => b.has(leaf)).length;
  const all = a.size + b.size - common;
  return all === 0 ? 1 : common / all;
}
