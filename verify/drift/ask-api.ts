import { identityOf, type ObjectIdentity } from "../diff/kubernetes/objects.ts";
import type { Kubectl } from "../health/look.ts";
import { itemsIn, listOf } from "../health/object-list.ts";
import { printed } from "./answer.ts";
import { refusalOf } from "./refusal.ts";

export type Entries = Readonly<Record<string, unknown>>;

/** An object as it is written, secrets and all, and as what it is known. */
export interface Rendered {
  readonly object: ObjectIdentity;
  readonly content: Entries;
}

/** What the API said of each object, by id. */
export interface Answers {
  readonly objects: ReadonlyMap<string, Entries>;
  /** Why it refused. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Those that are there. @throws Unreached; Failure when the account may not ask */
export const getLive = (kubectl: Kubectl, all: readonly Rendered[]): Promise<Answers> =>
  ask(kubectl, ["get", "--ignore-not-found", "--show-managed-fields"], all);

/**
 * What each would be after Flux has applied it: in Flux's name, so that the API drops what Flux applied before and no longer does.
 * Nothing is changed. @throws Unreached; Failure when the account may not ask
 */
export const dryRunApply = (kubectl: Kubectl, all: readonly Rendered[]): Promise<Answers> =>
  ask(
    kubectl,
    [
      ...["apply", "--server-side", "--dry-run=server", "--force-conflicts", "--validate=false"],
      "--field-manager=kustomize-controller",
    ],
    all,
  );

/** What the API would fill into one that is new: it is asked for under another name. Undefined where it would not take that. */
export async function defaultsOf(kubectl: Kubectl, { content }: Rendered): Promise<Entries | undefined> {
  const metadata = content["metadata"] as Entries;
  const other = { ...content, metadata: { ...metadata, name: "molly-drift" } };
  const answer = await kubectl(
    ["create", "--dry-run=server", "--validate=false", "--output", "json", "--filename", "-"],
    JSON.stringify(other),
  );
  const text = printed(answer);
  return text === undefined ? undefined : (JSON.parse(text) as Entries);
}

/** So many in one call: each is a request of its own, and they share the time that kubectl is given. */
const together = 25;

/** kubectl prints nothing when one is refused: it is asked by halves, until that one stands alone. */
async function ask(kubectl: Kubectl, args: readonly string[], all: readonly Rendered[]): Promise<Answers> {
  const objects = new Map<string, Entries>();
  const refused = new Map<string, string>();
  const some = async (batch: readonly Rendered[]): Promise<void> => {
    const [one, ...others] = batch;
    if (one === undefined) return;
    const list = listOf(batch.map(({ content }) => content));
    const answer = await kubectl([...args, "--output", "json", "--filename", "-"], list);
    const text = printed(answer);
    const half = Math.ceil(batch.length / 2);
    if (text !== undefined) for (const item of itemsIn<Entries>(text)) objects.set(identityOf("", item).id, item);
    else if (others.length === 0) refused.set(one.object.id, refusalOf(answer.stderr));
    else for (const part of [batch.slice(0, half), batch.slice(half)]) await some(part);
  };
  for (let start = 0; start < all.length; start += together) await some(all.slice(start, start + together));
  return { objects, refused };
}
