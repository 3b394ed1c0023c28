import { type Site } from "@molly/site";
import { driver, namespace, secret } from "../storage/names.ts";

/** An object that must be ready before the Kustomization is. */
export interface HealthCheck {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/**
 * What the storage folder waits for. A Driver is stored and has no state of its own, so waiting for what was applied would
 * say "ready" before a pod of it runs: these are what the operator makes of it.
 */
export const storageHealth = ({ storage: { cephfs, secrets } }: Site): HealthCheck[] => [
  { apiVersion: "apps/v1", kind: "Deployment", name: `${driver}-ctrlplugin`, namespace },
  { apiVersion: "apps/v1", kind: "DaemonSet", name: `${driver}-nodeplugin`, namespace },
  ...(secrets.from === "external-secrets"
    ? [{ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", name: secret, namespace }]
    : []),
  ...(cephfs?.volumes ?? []).map(({ name }) => ({ apiVersion: "v1", kind: "PersistentVolume", name })),
];

/** When objects are ready of which Flux by itself asks too little, to be stored, or too much; in CEL. */
const expressions = [
  {
    // One node may be away. The pod on a dead node stays wanted, for it tolerates every taint, and is never available:
    // with all of them asked for, one dead node would hold back every change to all that comes after. That a release
    // doesn't start still shows: its first pod is that one, and then not all are up to date.
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    current: [
      // A count of 0 is left out of the status.
      "has(status.observedGeneration) && status.observedGeneration == metadata.generation",
      "(has(status.updatedNumberScheduled) ? status.updatedNumberScheduled : 0) >= status.desiredNumberScheduled",
      "(has(status.numberAvailable) ? status.numberAvailable : 0) >= " +
        "(status.desiredNumberScheduled > 1 ? status.desiredNumberScheduled - 1 : status.desiredNumberScheduled)",
    ].join(" && "),
  },
  {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    current: "status.conditions.exists(e, e.type == 'Ready' && e.status == 'True')",
    failed: "status.conditions.exists(e, e.type == 'Ready' && e.status == 'False')",
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    current: "status.phase in ['Available', 'Bound']",
    // Its claim was deleted: the data is there, but nobody gets it until somebody decides.
    failed: "status.phase in ['Released', 'Failed']",
  },
];

/** The expressions for those of the kinds that have one. */
export const healthExpressions = (kinds: readonly string[]): object[] =>
  expressions.filter(({ kind }) => kinds.includes(kind));
