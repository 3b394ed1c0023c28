import { messageOf } from "@molly/site";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import type { Tree } from "../tree.ts";
import { hideSecrets } from "../values/hidden.ts";

type Entries = Readonly<Record<string, unknown>>;

export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What makes it that object and no other, whatever the API's version: `apps/DaemonSet kube-system/canal`. */
  readonly id: string;
  /** In a person's words: `DaemonSet kube-system/canal`. */
  readonly told: string;
  /** Relative to the site's folder. */
  readonly file: string;
}

export interface KubernetesObject extends ObjectIdentity {
  /** As it is written, with secrets hidden. */
  readonly content: Entries;
}

/** Objects by their id, and what could not be read. */
export interface Objects {
  readonly byId: ReadonlyMap<string, KubernetesObject>;
  /** Ids that several files give. */
  readonly twice: readonly { readonly told: string; readonly files: readonly string[] }[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
  /** Files that a folder's kustomization.yaml leaves out: nobody applies them. */
  readonly unlisted: readonly string[];
}

const kustomizeFile = /(^|\/)kustomization\.ya?ml$/;

/** The objects that Flux applies, from the YAML files of a site's `cluster/`. Files of `same` are not read. */
export function readObjects(cluster: Tree, same: ReadonlySet<string> = new Set()): Objects {
  const byId = new Map<string, KubernetesObject>();
  const twice = new Map<string, string[]>();
  const unreadable: { file: string; why: string }[] = [];
  const lists = readLists(cluster);
  const unlisted: string[] = [];
  for (const [file, { text }] of cluster) {
    if (!/\.ya?ml$/.test(file) || same.has(file)) continue;
    if (!kustomizeFile.test(file) && !isListed(file, lists)) {
      unlisted.push(file);
      continue;
    }
    try {
      for (const object of kustomizeFile.test(file) ? [parseKustomize(file, text)] : parseObjects(file, text)) {
        const known = byId.get(object.id);
        if (known) twice.set(object.told, [...(twice.get(object.told) ?? [known.file]), file]);
        else byId.set(object.id, object);
      }
    } catch (error) {
      unreadable.push({ file, why: messageOf(error).split("\n")[0] ?? "" });
    }
  }
  return { byId, twice: [...twice].map(([told, files]) => ({ told, files })), unreadable, unlisted };
}

/** @throws YAMLException; Error for a document that is no object. */
export const parseObjects = (file: string, text: string): KubernetesObject[] =>
  parseDocuments(file, text).map((content) => objectOf(file, content));

/** The documents of a text, secrets and all: for whoever sends them on, and shows them to nobody. @throws YAMLException */
export function parseDocuments(file: string, text: string): Entries[] {
  const documents = loadAll(text, { schema: CORE_SCHEMA, filename: file }) as unknown[];
  return documents.filter((document) => document !== null && document !== undefined).flatMap(expand);
}

function expand(document: unknown): Entries[] {
  const content = document as Entries;
  return content["kind"] === "List" && Array.isArray(content["items"]) ? content["items"].flatMap(expand) : [content];
}

const objectOf = (file: string, content: Entries): KubernetesObject => ({
  ...identityOf(file, content),
  content: hideSecrets(content) as Entries,
});

/** As what an object is known. @throws Error for a document that is none. */
export function identityOf(file: string, content: Entries): ObjectIdentity {
  const metadata = content["metadata"] as Entries | undefined;
  const { apiVersion, kind } = content;
  const { name, namespace = "" } = metadata ?? {};
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string")
    throw new Error("a document without apiVersion, kind and metadata.name");
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const full = namespace === "" ? name : `${String(namespace)}/${name}`;
  return {
    ...{ apiVersion, kind, name, file, namespace: String(namespace) },
    id: `${group}/${kind} ${full}`,
    told: `${kind} ${full}`,
  };
}

/** Kustomize's own file is no object of the cluster's, yet says which are. Its name may be left out. */
function parseKustomize(file: string, text: string): KubernetesObject {
  const [content] = loadAll(text, { schema: CORE_SCHEMA, filename: file }) as (Entries | null)[];
  const folder = file.replace(/\/[^/]*$/, "");
  return {
    ...{ apiVersion: "kustomize.config.k8s.io", kind: "kustomize", namespace: "", name: folder, file },
    ...{
      id: `kustomize/kustomize ${folder}`,
      told: `kustomize ${folder}`,
      content: hideSecrets(content ?? {}) as Entries,
    },
  };
}

/** The files of objects that Flux applies: those that a folder's kustomization.yaml lists, and all of a folder without one. */
export function appliedFiles(cluster: Tree): string[] {
  const lists = readLists(cluster);
  return [...cluster.keys()].filter(
    (file) => /\.ya?ml$/.test(file) && !kustomizeFile.test(file) && isListed(file, lists),
  );
}

/** What each kustomization.yaml lists, by its folder. */
function readLists(cluster: Tree): ReadonlyMap<string, ReadonlySet<string>> {
  const lists = new Map<string, ReadonlySet<string>>();
  for (const [file, { text }] of cluster) {
    if (!kustomizeFile.test(file)) continue;
    const folder = file.replace(/\/?[^/]*$/, "");
    try {
      const [content] = loadAll(text, { schema: CORE_SCHEMA }) as { resources?: unknown[] }[];
      lists.set(folder, new Set((content?.resources ?? []).map((one) => String(one).replace(/^\.\//, ""))));
    } catch {
      // Read as an object it is told as unreadable; the folder's files are taken as listed.
    }
  }
  return lists;
}

/** Kustomize applies what its file names; a folder without one is applied whole. */
function isListed(file: string, lists: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const folder = file.replace(/\/?[^/]*$/, "");
  const list = lists.get(folder);
  return list === undefined || list.has(file.slice(folder.length + 1));
}
