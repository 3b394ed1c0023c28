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

/** When objects are ready that Flux would take for ready as soon as they are stored, in CEL. */
const expressions = [
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

/** The expressions for the kinds that are among the checks. */
export const healthExpressions = (checks: readonly HealthCheck[]): object[] =>
  expressions.filter(({ kind }) => checks.some((check) => check.kind === kind));
