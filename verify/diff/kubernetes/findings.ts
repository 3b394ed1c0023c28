import { committedSecret } from "../committed-secret.ts";
import type { Finding } from "../model.ts";
import { holdsSecret } from "../values/show-value.ts";
import type { ClusterChange, Pair } from "./compare-objects.ts";
import { crdFindings } from "./crd-findings.ts";
import { exposureFindings } from "./exposure.ts";
import { about } from "./finding.ts";
import { ownerOf } from "./flux.ts";
import { imageFindings } from "./images.ts";
import { rightsFindings } from "./rights.ts";
import { removalFindings } from "./stateful.ts";
import { workloadFindings } from "./workloads.ts";

/** What a reviewer must know of a change of the cluster's objects. */
export function clusterFindings(change: ClusterChange): Finding[] {
  const found = change.pairs.flatMap((pair) => ofPair(pair, change));
  const told = new Set(found.flatMap(({ where }) => where));
  const silent = change.pairs.filter(({ change: { object } }) => !told.has(object));
  const removals = removalFindings(change);
  const removed = new Set(removals.flatMap(({ where }) => where));
  return [...removals, ...found, ...silent.flatMap((pair) => plain(pair, removed)), ...fileFindings(change)];
}

const ofPair = (pair: Pair, { kustomizations }: ClusterChange): Finding[] => [
  ...rightsFindings(pair),
  ...exposureFindings(pair),
  ...imageFindings(pair),
  ...workloadFindings(pair, ownerOf(pair.change.file, kustomizations.after)),
  ...crdFindings(pair),
  ...secrets(pair),
  ...admission(pair),
  ...transforms(pair),
];

const secrets = ({ before, after }: Pair): Finding[] =>
  after !== undefined && holdsSecret(after.content) && !(before && holdsSecret(before.content))
    ? [committedSecret(after.told)]
    : [];

/** A webhook that must answer stands in the path of every request that it wants to see. */
function admission({ before, after }: Pair): Finding[] {
  if (after === undefined || !/^(Validating|Mutating)WebhookConfiguration$/.test(after.kind)) return [];
  return [
    about(
      after,
      "api",
      "high",
      "webhook",
      `${before === undefined ? "A new webhook" : "A webhook that changes"} decides about requests to the API: when it does not answer, they may fail`,
    ),
  ];
}

/** What kustomize does beyond listing files is not worked out here. */
function transforms({ before, after, change }: Pair): Finding[] {
  const object = after ?? before;
  if (object?.kind !== "kustomize") return [];
  const lists = /^(resources|metadata|apiVersion|kind)\b/;
  if (change.action === "removed")
    return [
      about(object, "other", "medium", "kustomize-removed", "Without its list, every file of the folder is applied"),
    ];
  const keys = change.action === "added" ? Object.keys(object.content) : change.fields.map(({ path }) => path);
  const other = [...new Set(keys.filter((key) => !lists.test(key)).map((key) => key.replace(/[.[].*$/, "")))];
  return other.length === 0
    ? [about(object, "other", "low", "kustomize-list", "Lists other files: their objects are told by themselves")]
    : [
        about(
          object,
          "other",
          "high",
          "kustomize-transforms",
          `Changes objects on their way to the cluster (${other.join(", ")}): what arrives is not what the files say`,
        ),
      ];
}

function plain({ before, after, change }: Pair, removed: ReadonlySet<string>): Finding[] {
  const object = after ?? before;
  if (object === undefined || (change.action !== "added" && change.action !== "changed") || removed.has(object.told))
    return [];
  const onlyMoved = change.fields.length > 0 && change.fields.every(({ kind }) => kind === "moved");
  if (onlyMoved) return [about(object, "other", "low", "reordered", "The same in another order")];
  return [
    about(
      object,
      "other",
      "low",
      `object-${change.action}`,
      change.action === "added" ? "A new object" : "Changed in place",
    ),
  ];
}

const fileFindings = ({ after, before }: ClusterChange): Finding[] => [
  ...after.unreadable.map(({ file, why }): Finding => ({
    ...{ rule: "unreadable", topic: "refused", danger: "high", where: [file] },
    what: `Can't be read, so Flux applies nothing of its folder: ${why}`,
  })),
  ...after.twice.map(({ told, files }): Finding => ({
    ...{ rule: "defined-twice", topic: "refused", danger: "high", where: [told] },
    what: `Stands in several files, and only one can win: ${files.join(", ")}`,
  })),
  ...after.unlisted
    .filter((file) => !before.unlisted.includes(file))
    .map((file): Finding => ({
      ...{ rule: "unlisted", topic: "other", danger: "medium", where: [file] },
      what: "Its folder's kustomization.yaml does not list it: nobody applies it",
    })),
];
