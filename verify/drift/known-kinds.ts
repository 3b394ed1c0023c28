import { Failure } from "@molly/site";
import type { Kubectl } from "../health/look.ts";
import { printed } from "./answer.ts";
import { refusalOf } from "./refusal.ts";

/** What the API has of a kind. */
export interface KnownKind {
  readonly namespaced: boolean;
}

export type KnownKinds = ReadonlyMap<string, KnownKind>;

/** As `apps/v1/Deployment`, `v1/Pod`. */
export const kindOf = ({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): string =>
  `${String(apiVersion)}/${String(kind)}`;

/**
 * Every kind of some versions that the API serves. Each version is asked for by itself: a list of all would lack those that are
 * not preferred, and fail with any one of them.
 * @param versions `apps/v1`, `v1`
 * @throws Unreached; Failure when it is not told
 */
export async function readKnownKinds(kubectl: Kubectl, versions: ReadonlySet<string>): Promise<KnownKinds> {
  const lists = await Promise.all(
    [...versions].map(async (version) => {
      const path = version.includes("/") ? `/apis/${version}` : `/api/${version}`;
      const answer = await kubectl(["get", "--raw", path]);
      const list = printed(answer);
      if (list === undefined && !answer.stderr.includes("(NotFound)")) throw notTold(version, answer.stderr);
      const { resources } = list === undefined ? { resources: [] } : (JSON.parse(list) as { resources: Resource[] });
      return resources
        .filter(({ name }) => !name.includes("/"))
        .map(({ kind, namespaced }) => [kindOf({ apiVersion: version, kind }), { namespaced }] as const);
    }),
  );
  return new Map(lists.flat());
}

const notTold = (version: string, stderr: string): Failure =>
  new Failure({
    what: `The API did not tell what kinds there are in ${version}.`,
    seen: refusalOf(stderr),
    remedy: "Who serves that group? `kubectl get apiservices`.",
  });

interface Resource {
  /** `deployments`, `deployments/status`. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}
