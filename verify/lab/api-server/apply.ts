import { isDeepStrictEqual } from "node:util";
import { messageOf } from "@molly/site";
import { parse } from "yaml";
import { waitFor } from "../wait.ts";
import type { ApiClient, Manifest, Stored } from "./client.ts";

/** What came of an object that was applied again and again. */
export interface Applied {
  /** `ConfigMap kube-system/canal-config` */
  readonly name: string;
  /** Why the API server did not take it. */
  readonly refused?: string;
  /** Whether the second time changed what is wanted: Flux would take it for drift and repair it for ever. */
  readonly changed: boolean;
  /** Whether the third time still wrote something. Into a new object's status the server itself may write at the second. */
  readonly restless: boolean;
}

/** Reads what an object's path is made of from its text: one object, in YAML or JSON. */
export function manifestOf(text: string): Manifest {
  const { apiVersion, kind, metadata } = parse(text) as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, text };
}

/** In the order in which one needs the other: definitions and namespaces first. */
export const inOrder = (manifests: readonly Manifest[]): Manifest[] => {
  const place = ({ kind }: Manifest): number =>
    kind === "CustomResourceDefinition" ? 0 : kind === "Namespace" ? 1 : 2;
  return manifests.toSorted((a, b) => place(a) - place(b));
};

/**
 * Applies objects, waits until the definitions among them are in force, and applies them twice more. A refusal is an outcome,
 * not a failure: all are told at once.
 */
export async function applyRepeatedly(client: ApiClient, manifests: readonly Manifest[]): Promise<Applied[]> {
  const ordered = inOrder(manifests);
  const refusals = new Map<Manifest, string>();
  for (const manifest of ordered) {
    try {
      await client.apply(manifest);
      if (manifest.kind === "CustomResourceDefinition") await established(client, manifest);
    } catch (error) {
      refusals.set(manifest, messageOf(error));
    }
  }
  const outcomes: Applied[] = [];
  for (const manifest of ordered) {
    const name = nameOf(manifest);
    const refused = refusals.get(manifest);
    if (refused !== undefined) outcomes.push({ name, refused, changed: false, restless: false });
    else outcomes.push({ name, ...(await again(client, manifest)) });
  }
  return outcomes;
}

async function again(client: ApiClient, manifest: Manifest): Promise<Pick<Applied, "changed" | "restless">> {
  const first = await client.read(manifest);
  const second = await client.apply(manifest);
  const third = await client.apply(manifest);
  return {
    changed: !isDeepStrictEqual(wanted(first), wanted(second)),
    restless: second.metadata.resourceVersion !== third.metadata.resourceVersion,
  };
}

/** An object without its status and what the server counts and notes for itself. Its generation stays: it counts what is wanted. */
function wanted({ status: _status, metadata, ...rest }: Stored): object {
  const known = Object.entries(metadata).filter(([name]) => !noted.has(name));
  return { ...rest, metadata: Object.fromEntries(known) };
}

const noted = new Set(["resourceVersion", "managedFields"]);

const nameOf = ({ kind, namespace, name }: Manifest): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/** Until then its objects are unknown, and its status still changes. */
const established = (client: ApiClient, manifest: Manifest): Promise<void> =>
  waitFor(
    async () => {
      const { status } = await client.read(manifest);
      const holds = status?.conditions?.some((one) => one.type === "Established" && one.status === "True");
      return holds || `its conditions are ${JSON.stringify(status?.conditions ?? [])}`;
    },
    {
      ...{ what: `${manifest.name} to be in force`, timeoutMs: 60_000 },
      remedy: "Are the names of two definitions the same?",
    },
  );
