import type { Kubectl } from "../health/look.ts";
import { succeeded } from "./answer.ts";

/** What the API has of a kind. */
export interface KnownKind {
  readonly namespaced: boolean;
}

/** Every kind that the API serves, by `apiVersion/kind`: `apps/v1/Deployment`, `v1/Pod`. @throws Failure */
export async function readKnownKinds(kubectl: Kubectl): Promise<ReadonlyMap<string, KnownKind>> {
  const printed = succeeded("what kinds there are", await kubectl(["api-resources", "--no-headers"]));
  return new Map(
    printed.split("\n").flatMap((line): [string, KnownKind][] => {
      // NAME, SHORTNAMES (which may be missing), APIVERSION, NAMESPACED, KIND.
      const [, version, namespaced, kind] = /\s(\S+)\s+(true|false)\s+(\S+)\s*$/.exec(line) ?? [];
      return kind === undefined ? [] : [[`${version}/${kind}`, { namespaced: namespaced === "true" }]];
    }),
  );
}
