import { messageOf } from "@molly/site";
import { appliedFiles, identityOf, parseDocuments } from "../diff/kubernetes/objects.ts";
import type { Tree } from "../diff/tree.ts";
import type { Kubectl } from "../health/look.ts";
import { listOf } from "../health/object-list.ts";
import { defaultsOf, dryRunApply, type Entries, getLive, type Rendered } from "./ask-api.ts";
import { kindOf, type KnownKinds, readKnownKinds } from "./known-kinds.ts";
import { type ManagedFields, withoutLeftOvers } from "./left-overs.ts";
import { type Policy, policyOf, withFluxsLabels } from "./policies.ts";
import { refusalIsCertain } from "./refusal.ts";
import type { Remark } from "./remarks.ts";

/** What a sync would change, as two sides of a comparison. */
export interface Live {
  /** The rendered files, with the objects in them as the cluster has them. */
  readonly before: Tree;
  /** The same, as the cluster would have them. What others than Flux and kubectl have set is the same in both. */
  readonly after: Tree;
  readonly remarks: readonly Remark[];
  /** How many objects were asked for. */
  readonly objects: number;
}

/**
 * Asks the API what Flux would change by applying rendered objects, object by object. Nothing is changed: it is a server-side
 * apply as Flux does it, as a dry run, so that whatever the API sets, rewrites or refuses is the API's own word. The account needs
 * the right to patch all the same.
 * @param tree files below a site's folder; others than those of `cluster/` stay as they are
 * @throws Unreached; Failure when the account may not ask
 */
export async function readLive(tree: Tree, kubectl: Kubectl): Promise<Live> {
  const { rendered, kinds, remarks } = await read(tree, kubectl);
  const known = rendered.filter(({ content }) => kinds.has(kindOf(content)));
  const live = await getLive(kubectl, known);
  // Of what could not be asked for nobody knows whether it is there.
  const seen = rendered.filter(({ object }) => !live.refused.has(object.id));
  const there = seen.flatMap((one) => {
    const now = live.objects.get(one.object.id);
    return now === undefined ? [] : [{ ...one, now, policy: policyOf(one.content, now) }];
  });
  const applied = there.filter(({ policy }) => !policy.skips && !policy.onlyMakes);
  const sent = applied.map((one) => ({ ...one, content: withFluxsLabels(one.content, one.now) }));
  const { objects: merged, refused } = await dryRunApply(kubectl, sent);
  const after = new Map<string, Entries>();
  for (const one of applied) {
    const then = merged.get(one.object.id);
    if (then !== undefined) after.set(one.object.id, await synced(kubectl, one, then));
  }
  const sides = seen.flatMap(({ object: { id, file }, content }) => {
    const now = live.objects.get(id);
    if (now === undefined) return policyOf(content).skips ? [] : [{ file, before: [], after: [content] }];
    return [{ file, before: [written(now)], after: [written(after.get(id) ?? now)] }];
  });
  const told = (ids: ReadonlyMap<string, string>, tell: (why: string) => Omit<Remark, "told">): Remark[] =>
    rendered.flatMap(({ object: { id, told: name } }) => {
      const why = ids.get(id);
      return why === undefined ? [] : [{ told: name, ...tell(why) }];
    });
  return {
    before: withObjects(tree, sides, "before"),
    after: withObjects(tree, sides, "after"),
    remarks: [
      ...remarks,
      ...there.flatMap(remarksOn),
      ...told(live.refused, (why) => ({ kind: "unseen", cause: `could not be asked for: ${why}` })),
      ...told(refused, (why) =>
        refusalIsCertain(why)
          ? { kind: "refused", cause: `can't become as it is rendered: ${why}` }
          : { kind: "unseen", cause: `could not be compared: ${why}` },
      ),
    ],
    objects: rendered.length,
  };
}

async function read(
  tree: Tree,
  kubectl: Kubectl,
): Promise<{ rendered: Rendered[]; kinds: KnownKinds; remarks: Remark[] }> {
  const remarks: Remark[] = [];
  const documents = appliedFiles(new Map([...tree].filter(([path]) => path.startsWith("cluster/")))).flatMap((file) => {
    try {
      return parseDocuments(file, tree.get(file)?.text ?? "").map((content) => ({
        object: identityOf(file, content),
        content,
      }));
    } catch (error) {
      remarks.push({ kind: "unreadable", told: file, cause: `can't be read: ${messageOf(error).split("\n")[0]}` });
      return [];
    }
  });
  const kinds = await readKnownKinds(kubectl, new Set(documents.map(({ content }) => String(content["apiVersion"]))));
  return { rendered: documents.map((one) => withNamespace(one, kinds)), kinds, remarks };
}

/** Flux gives none to an object that names none. */
function withNamespace(one: Rendered, kinds: KnownKinds): Rendered {
  const metadata = one.content["metadata"] as Entries;
  if (!kinds.get(kindOf(one.content))?.namespaced || metadata["namespace"] !== undefined) return one;
  const content = { ...one.content, metadata: { ...metadata, namespace: "default" } };
  return { object: identityOf(one.object.file, content), content };
}

interface There extends Rendered {
  readonly now: Entries;
  readonly policy: Policy;
}

/** What Flux makes of an object in the end: it takes over what kubectl has set, and drops that too. */
async function synced(kubectl: Kubectl, { now, policy, ...one }: There, then: Entries): Promise<Entries> {
  if (policy.merges) return then;
  const { managedFields: managed = [] } = now["metadata"] as { managedFields?: ManagedFields[] };
  const props = { object: then, rendered: one.content, managed };
  const without = withoutLeftOvers(props);
  if (JSON.stringify(without) === JSON.stringify(then)) return then;
  return withoutLeftOvers({ ...props, defaults: await defaultsOf(kubectl, one) });
}

function remarksOn({ object: { told }, content, now, policy }: There): Remark[] {
  const { deletionTimestamp } = now["metadata"] as { deletionTimestamp?: string };
  return [
    ...(deletionTimestamp === undefined
      ? []
      : [{ told, kind: "deleted" as const, cause: `is being deleted since ${deletionTimestamp}` }]),
    ...(policy.skips && !policyOf(content).skips
      ? [{ told, kind: "alone" as const, cause: "is not synced any more: an annotation tells Flux to leave it alone" }]
      : []),
  ];
}

interface Sides {
  readonly file: string;
  readonly before: readonly Entries[];
  readonly after: readonly Entries[];
}

/** The files, with objects in place of what stands in them. */
const withObjects = (tree: Tree, sides: readonly Sides[], side: "before" | "after"): Tree =>
  new Map([
    ...tree,
    ...[...Map.groupBy(sides, ({ file }) => file)].map(([file, all]) => {
      const text = listOf(all.flatMap((one) => one[side]));
      return [file, { text, executable: false }] as const;
    }),
  ]);

/** What the API server notes beside what is wanted. */
const noted = [
  ...["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"],
  ...["deletionTimestamp", "deletionGracePeriodSeconds"],
];
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function written({ status: _status, ...object }: Entries): Entries {
  const metadata = object["metadata"] as Entries;
  const { annotations = {} } = metadata as { annotations?: Entries };
  const without = (entries: Entries, names: readonly string[]): Entries =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
  const kept = without(annotations, [lastApplied]);
  return {
    ...object,
    metadata: {
      ...without(metadata, [...noted, "annotations"]),
      ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }),
    },
  };
}
