import type { Danger } from "../danger.ts";
import type { Finding } from "../model.ts";
import type { ClusterChange, Pair } from "./compare-objects.ts";
import { about } from "./finding.ts";
import { isFluxKustomization, kustomizationOf, ownerOf } from "./flux.ts";
import { valueAt } from "./look.ts";
import type { KubernetesObject } from "./objects.ts";

/** Kinds whose end takes data, or everything inside, with it. */
const lasting = new Set([
  "Namespace",
  "CustomResourceDefinition",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "StatefulSet",
  "StorageClass",
  "VolumeSnapshot",
  "Secret",
  "CephCluster",
  "CephFilesystem",
  "CephBlockPool",
]);

export const isLasting = ({ kind }: KubernetesObject): boolean => lasting.has(kind);

/** What becomes of objects that are gone, renamed or moved to another of Flux's Kustomizations. */
export const removalFindings = (change: ClusterChange): Finding[] =>
  change.pairs.flatMap((pair) => [...removal(pair, change), ...moved(pair, change), ...fluxItself(pair)]);

function removal({ before, change }: Pair, { kustomizations }: ClusterChange): Finding[] {
  if (before === undefined || change.action === "changed" || before.kind === "kustomize") return [];
  // What Flux does is decided by the Kustomization as it is then; one that is gone itself takes its objects along.
  const owner = ownerOf(before.file, kustomizations.after) ?? ownerOf(before.file, kustomizations.before);
  const renamed = change.action === "renamed";
  const now = renamed ? `Renamed to ${change.object}: ` : "";
  if (owner !== undefined && !owner.prune)
    return [
      about(
        before,
        renamed ? "stateful" : "other",
        renamed && isLasting(before) ? "high" : "medium",
        renamed ? "object-renamed" : "object-orphaned",
        `${now}${renamed ? "the old one" : "Not rendered any more: it"} stays in the cluster, since ${owner.told} does not prune. Remove it by hand`,
      ),
    ];
  const danger: Danger = isLasting(before) ? "critical" : renamed ? "high" : "medium";
  const what = `${now}Flux deletes ${renamed ? "the old one" : "it"}${isLasting(before) ? ", with what it holds" : ""}`;
  return [
    about(
      before,
      isLasting(before) || renamed ? "stateful" : "replaced",
      danger,
      renamed ? "object-renamed" : "object-deleted",
      what,
    ),
  ];
}

function moved({ before, after, change }: Pair, { kustomizations }: ClusterChange): Finding[] {
  if (before === undefined || after === undefined || change.action !== "changed" || before.file === after.file)
    return [];
  const [old, young] = [ownerOf(before.file, kustomizations.before), ownerOf(after.file, kustomizations.after)];
  if (old === undefined || old.path === young?.path || !old.prune) return [];
  return [
    about(
      after,
      "stateful",
      isLasting(after) ? "critical" : "high",
      "owner-changed",
      `Moves from ${old.told} to ${young?.told ?? "nobody"}: the old one, which prunes, may delete it meanwhile`,
    ),
  ];
}

function fluxItself({ before, after }: Pair): Finding[] {
  const object = after ?? before;
  if (object === undefined || !isFluxKustomization(object)) return [];
  const [old, young] = [before && kustomizationOf(before), after && kustomizationOf(after)];
  if (young === undefined)
    return old?.prune
      ? [about(object, "stateful", "critical", "kustomization-removed", "Flux deletes everything that it applied")]
      : [];
  const suspended =
    valueAt(after?.content, "spec", "suspend") === true && valueAt(before?.content, "spec", "suspend") !== true;
  return [
    ...(young.prune && old !== undefined && !old.prune
      ? [about(object, "stateful", "high", "prune-on", "Prunes from now on: what is not in its folder is deleted")]
      : []),
    ...(young.force && !old?.force
      ? [about(object, "stateful", "high", "force-on", "May delete and create from now on what can't be changed")]
      : []),
    ...(old !== undefined && old.path !== young.path
      ? [
          about(
            object,
            "stateful",
            old.prune ? "critical" : "high",
            "path-changed",
            `Applies another folder: ${young.path}${old.prune ? ", and deletes what it applied before" : ""}`,
          ),
        ]
      : []),
    ...(suspended
      ? [about(object, "other", "medium", "suspended", "Is suspended: nothing that is merged arrives")]
      : []),
  ];
}
