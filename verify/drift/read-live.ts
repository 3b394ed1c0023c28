import { appliedFiles, type KubernetesObject, objectOf, parseDocuments } from "../diff/kubernetes/objects.ts";
import type { Tree } from "../diff/tree.ts";
import { type Kubectl, lastLine } from "../health/look.ts";
import { succeeded } from "./answer.ts";
import { type KnownKind, readKnownKinds } from "./known-kinds.ts";
import { type ManagedFields, withoutLeftOvers } from "./left-overs.ts";

type Entries = Readonly<Record<string, unknown>>;

/** An object that the API would not take as it is rendered. */
export interface Refused {
  readonly told: string;
  /** Relative to the site's folder. */
  readonly file: string;
  /** In the API's words. */
  readonly why: string;
}

/** What a sync would change, as two sides of a comparison. */
export interface Live {
  /** The rendered files, with the objects in them as the cluster has them. */
  readonly before: Tree;
  /** The same, as the cluster would have them. What others than Flux and kubectl have set is the same in both. */
  readonly after: Tree;
  readonly refused: readonly Refused[];
  /** How many objects were asked for. */
  readonly objects: number;
}

/** An object as it is written, secrets and all, and as what it is known. */
interface Rendered {
  readonly object: KubernetesObject;
  readonly content: Entries;
}

/**
 * Asks the API what applying rendered objects would change, object by object. Nothing is changed: it is a server-side apply as
 * Flux does it, as a dry run, so that whatever the API sets, rewrites or refuses is the API's own word. The account needs the
 * right to patch all the same.
 * @param tree files below a site's folder; others than those of `cluster/` stay as they are
 * @throws Failure when the API can't be asked
 */
export async function readLive(tree: Tree, kubectl: Kubectl): Promise<Live> {
  const cluster = new Map([...tree].filter(([path]) => path.startsWith("cluster/")));
  const kinds = await readKnownKinds(kubectl);
  const rendered = appliedFiles(cluster).flatMap((file) => read(file, cluster.get(file)?.text ?? "", kinds));
  const synced = rendered.filter(({ content }) => policyOf(content) !== "Ignore");
  const known = synced.filter(({ object }) => kinds.has(`${object.apiVersion}/${object.kind}`));
  const live = await get(kubectl, known);
  const there = known.filter(({ object }) => live.has(object.id));
  const { merged, refused } = await dryRun(
    kubectl,
    there.filter(({ content }) => policyOf(content) !== "IfNotPresent"),
  );
  const sides = synced.map(({ object, content }) => {
    const now = live.get(object.id);
    const then = merged.get(object.id);
    if (now === undefined) return { file: object.file, before: [], after: [content] };
    const before = [written(now)];
    if (then === undefined) return { file: object.file, before, after: before };
    const keeps = policyOf(content) === "Merge";
    return {
      file: object.file,
      before,
      after: [written(keeps ? then : withoutLeftOvers(then, content, managedFieldsOf(now)))],
    };
  });
  const byFile = Map.groupBy(sides, ({ file }) => file);
  const sideOf = (side: "before" | "after"): Tree =>
    new Map([
      ...tree,
      ...[...byFile].map(([file, all]) => {
        const items = all.flatMap((one) => one[side]);
        const text = JSON.stringify({ apiVersion: "v1", kind: "List", items });
        return [file, { text, executable: false }] as const;
      }),
    ]);
  return { before: sideOf("before"), after: sideOf("after"), refused, objects: synced.length };
}

function read(file: string, text: string, kinds: ReadonlyMap<string, KnownKind>): Rendered[] {
  return parseDocuments(file, text).map((content) => {
    const kind = kinds.get(`${String(content["apiVersion"])}/${String(content["kind"])}`);
    const metadata = (content["metadata"] ?? {}) as Entries;
    const named =
      kind?.namespaced && metadata["namespace"] === undefined
        ? { ...content, metadata: { ...metadata, namespace: "default" } }
        : content;
    return { object: objectOf(file, named), content: named };
  });
}

/** How Flux treats an object, as its annotation says. */
const policyOf = ({ metadata }: Entries): unknown =>
  ((metadata as Entries | undefined)?.["annotations"] as Entries | undefined)?.["kustomize.toolkit.fluxcd.io/ssa"];

/** So many in one call: each is a request of its own, and they share the time that kubectl is given. */
const together = 25;

const batches = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / together) }, (_, index) =>
    all.slice(index * together, (index + 1) * together),
  );

const listOf = (all: readonly Rendered[]): string =>
  JSON.stringify({ apiVersion: "v1", kind: "List", items: all.map(({ content }) => content) });

/** Those that are there, by id. */
async function get(kubectl: Kubectl, all: readonly Rendered[]): Promise<Map<string, Entries>> {
  const found = new Map<string, Entries>();
  for (const batch of batches(all)) {
    const args = ["get", "--filename", "-", "--ignore-not-found", "--show-managed-fields", "--output", "json"];
    const printed = succeeded("what is there", await kubectl(args, listOf(batch)));
    for (const [id, item] of itemsIn(printed)) found.set(id, item);
  }
  return found;
}

/** As which the fields would be noted that a dry run sets. Flux's own name would take for removed what Flux adds itself. */
const fieldManager = "molly-drift";

interface DryRun {
  readonly merged: ReadonlyMap<string, Entries>;
  readonly refused: readonly Refused[];
}

/** What each would be after applying. kubectl prints nothing when one is refused: the half with it is asked for again. */
async function dryRun(kubectl: Kubectl, all: readonly Rendered[]): Promise<DryRun> {
  const args = ["apply", "--server-side", "--dry-run=server", "--force-conflicts", "--validate=false"];
  const ask = async (some: readonly Rendered[]): Promise<DryRun[]> => {
    const answer = await kubectl(
      [...args, `--field-manager=${fieldManager}`, "--output", "json", "--filename", "-"],
      listOf(some),
    );
    if (answer.exitCode === 0) return [{ merged: new Map(itemsIn(answer.stdout)), refused: [] }];
    const [one] = some;
    if (some.length > 1 && isRefusal(answer.stderr)) {
      const half = Math.ceil(some.length / 2);
      return [...(await ask(some.slice(0, half))), ...(await ask(some.slice(half)))];
    }
    if (one === undefined || !isRefusal(answer.stderr)) succeeded("what applying would change", answer);
    return one === undefined ? [] : [{ merged: new Map(), refused: [refusal(one, answer.stderr)] }];
  };
  const parts: DryRun[] = [];
  for (const batch of batches(all)) parts.push(...(await ask(batch)));
  return {
    merged: new Map(parts.flatMap(({ merged }) => [...merged])),
    refused: parts.flatMap(({ refused }) => refused),
  };
}

/** The API's word on an object, and not that it can't be asked or that this account may not. */
const isRefusal = (stderr: string): boolean => /is invalid|\(Invalid\)|\(BadRequest\)|admission webhook/i.test(stderr);

const refusal = ({ object: { told, file } }: Rendered, stderr: string): Refused => ({
  ...{ told, file },
  why: lastLine(stderr).replace(/^.*? is invalid: /, ""),
});

/** One object, or a list of some; nothing for none. */
function itemsIn(printed: string): [string, Entries][] {
  if (printed.trim() === "") return [];
  const answer = JSON.parse(printed) as Entries;
  const items = answer["kind"] === "List" ? (answer["items"] as Entries[]) : [answer];
  return items.map((item) => [objectOf("", item).id, item]);
}

const managedFieldsOf = ({ metadata }: Entries): ManagedFields[] =>
  ((metadata as Entries)["managedFields"] as ManagedFields[] | undefined) ?? [];

/** What the API server notes beside what is wanted. */
const noted = ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];
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
