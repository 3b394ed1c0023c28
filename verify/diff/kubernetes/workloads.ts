import type { Finding } from "../model.ts";
import { isSame } from "../values/compare-values.ts";
import type { Pair } from "./compare-objects.ts";
import { about } from "./finding.ts";
import type { Kustomization } from "./flux.ts";
import { podOf, valueAt } from "./look.ts";
import type { KubernetesObject } from "./objects.ts";
import { isLasting } from "./stateful.ts";

/** What happens to running pods, and what the API server refuses. */
export function workloadFindings({ before, after }: Pair, owner: Kustomization | undefined): Finding[] {
  if (before === undefined || after === undefined || before.id !== after.id) return [];
  const refused = immutable(before, after);
  if (refused.length > 0) return [refusal(after, refused, owner)];
  return [...restarts(before, after), ...scaling(before, after), ...configuration(before, after)];
}

const templated = new Set(["Deployment", "DaemonSet", "StatefulSet", "Pod"]);

function restarts(before: KubernetesObject, after: KubernetesObject): Finding[] {
  if (!templated.has(after.kind) || isSame(podOf(before), podOf(after))) return [];
  if (valueAt(after.content, "spec", "updateStrategy", "type") === "OnDelete")
    return [about(after, "restarts", "low", "pods-on-delete", "Its pods change only when somebody deletes them")];
  const isMany = Number(valueAt(before.content, "spec", "replicas") ?? 1) > 1;
  if (valueAt(after.content, "spec", "strategy", "type") === "Recreate")
    return isMany
      ? [about(after, "restarts", "high", "pods-recreated", "All its pods stop before new ones start")]
      : [about(after, "restarts", "medium", "pods-restart", "Its pod stops before a new one starts")];
  const how = after.kind === "DaemonSet" ? "node by node" : "one after another";
  return [about(after, "restarts", "medium", "pods-restart", `Its pods restart, ${how}`)];
}

function scaling(before: KubernetesObject, after: KubernetesObject): Finding[] {
  const [old, young] = [before, after].map(({ content }) => Number(valueAt(content, "spec", "replicas") ?? 1)) as [
    number,
    number,
  ];
  if (old === young || !["Deployment", "StatefulSet", "ReplicaSet"].includes(after.kind)) return [];
  if (young === 0)
    return [about(after, "restarts", "high", "scaled-to-none", "Nothing of it runs any more: 0 replicas")];
  return [about(after, "restarts", young < old ? "medium" : "low", "scaled", `${old} to ${young} replicas`)];
}

const configuration = (before: KubernetesObject, after: KubernetesObject): Finding[] =>
  ["ConfigMap", "Secret"].includes(after.kind) && !isSame(withoutMetadata(before), withoutMetadata(after))
    ? [
        about(
          after,
          after.kind === "Secret" ? "secrets" : "restarts",
          "low",
          after.kind === "Secret" ? "secret-rotated" : "configuration-changed",
          `${after.kind === "Secret" ? "Another secret; it is not shown. Pods" : "Pods"} that read it only at their start keep the old one until they restart`,
        ),
      ]
    : [];

const withoutMetadata = ({ content: { metadata: _, ...rest } }: KubernetesObject): unknown => rest;

/** What the API server lets nobody change, by kind. */
const fixed: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Deployment: [["spec", "selector"]],
  DaemonSet: [["spec", "selector"]],
  StatefulSet: [
    ["spec", "selector"],
    ["spec", "serviceName"],
    ["spec", "volumeClaimTemplates"],
    ["spec", "podManagementPolicy"],
  ],
  Job: [
    ["spec", "selector"],
    ["spec", "template"],
    ["spec", "completionMode"],
  ],
  Service: [["spec", "clusterIP"]],
  RoleBinding: [["roleRef"]],
  ClusterRoleBinding: [["roleRef"]],
  StorageClass: [["provisioner"], ["parameters"], ["reclaimPolicy"], ["volumeBindingMode"]],
  PersistentVolumeClaim: [
    ["spec", "storageClassName"],
    ["spec", "accessModes"],
    ["spec", "volumeName"],
    ["spec", "volumeMode"],
  ],
  CustomResourceDefinition: [
    ["spec", "group"],
    ["spec", "scope"],
    ["spec", "names", "plural"],
    ["spec", "names", "kind"],
  ],
};

function immutable(before: KubernetesObject, after: KubernetesObject): string[] {
  const paths = (Object.hasOwn(fixed, after.kind) ? fixed[after.kind] : undefined) ?? [];
  const differing = paths.filter(
    (path) =>
      valueAt(before.content, ...path) !== undefined &&
      !isSame(valueAt(before.content, ...path), valueAt(after.content, ...path)),
  );
  const frozen = before.content["immutable"] === true && !isSame(before.content["data"], after.content["data"]);
  const shrunk = after.kind === "PersistentVolumeClaim" && bytes(requested(after)) < bytes(requested(before));
  return [
    ...differing.map((path) => path.join(".")),
    ...(frozen ? ["data"] : []),
    ...(shrunk ? ["spec.resources.requests.storage"] : []),
  ];
}

const requested = ({ content }: KubernetesObject): string =>
  String(valueAt(content, "spec", "resources", "requests", "storage") ?? "");

const units: Readonly<Record<string, number>> = {
  "": 1,
  "k": 1e3,
  "M": 1e6,
  "G": 1e9,
  "T": 1e12,
  "P": 1e15,
  "Ki": 2 ** 10,
  "Mi": 2 ** 20,
  "Gi": 2 ** 30,
  "Ti": 2 ** 40,
  "Pi": 2 ** 50,
};

function bytes(quantity: string): number {
  const [, number = "", unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return Number(number) * (units[unit] ?? NaN);
}

function refusal(object: KubernetesObject, paths: readonly string[], owner: Kustomization | undefined): Finding {
  const what = paths.join(", ");
  if (!owner?.force)
    return about(
      object,
      "refused",
      "high",
      "immutable",
      `The API server refuses it: ${what} can't be changed. Delete the object first, or give it another name`,
    );
  const lasting = isLasting(object);
  return about(
    object,
    "replaced",
    lasting ? "critical" : "high",
    "recreated",
    `Flux deletes and creates it (force), since ${what} can't be changed`,
  );
}
