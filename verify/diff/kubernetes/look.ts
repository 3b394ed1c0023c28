import type { KubernetesObject } from "./objects.ts";

export type Entries = Readonly<Record<string, unknown>>;

/** The value at a path of keys; undefined where there is none. */
export const valueAt = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Entries)[key] : undefined),
    value,
  );

/** The list at a path; empty where there is none, or something else. */
export function listAt(value: unknown, ...keys: readonly string[]): Entries[] {
  const list = valueAt(value, ...keys);
  return Array.isArray(list) ? (list as Entries[]) : [];
}

/** Where each kind that makes pods has their template. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
  ...Object.fromEntries(
    ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "ReplicationController"].map((kind) => [
      kind,
      ["spec", "template"],
    ]),
  ),
};

/** The template of the pods that an object makes, as a pod; undefined for an object that makes none. */
export const podOf = ({ kind, content }: KubernetesObject): unknown => {
  const path = Object.hasOwn(templates, kind) ? templates[kind] : undefined;
  return path && valueAt(content, ...path);
};

/** Every container of a pod, the ones that run first among them. */
export const containersOf = (pod: unknown): Entries[] =>
  ["initContainers", "containers", "ephemeralContainers"].flatMap((key) => listAt(pod, "spec", key));
