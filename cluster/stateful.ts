/** A rendered object that data, or other objects, hang on: under another name it would be another one, and empty. */
export interface StatefulObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Kinds whose objects hold data or what leads to it. Of a file's name the kind is in front of the first hyphen, lower-case;
 * CustomResourceDefinitions, whose names say their kind, end in their group.
 */
const statefulKinds: ReadonlySet<string> = new Set([
  "cephconnection",
  "clientprofile",
  "driver",
  "namespace",
  "persistentvolume",
  "persistentvolumeclaim",
  "statefulset",
  "storageclass",
  "volumesnapshotclass",
]);

/** How a person names it, on the command line and in messages: `PersistentVolumeClaim examples/journal`. */
export const nameOf = ({ kind, namespace, name }: StatefulObject): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/** Whether a rendered file may hold such an object, by its path alone: so that only those need be read. */
export function mayBeStateful(path: string): boolean {
  const file = path.split("/").at(-1) ?? "";
  if (!path.startsWith("cluster/") || !file.endsWith(".yaml") || file === "kustomization.yaml") return false;
  return path.startsWith("cluster/network/crds/") || statefulKinds.has(file.split("-", 1)[0] ?? "");
}

/** The objects that are no longer rendered, wherever in the folder they would be now. */
export function lost(before: readonly StatefulObject[], after: readonly StatefulObject[]): StatefulObject[] {
  const present = new Set(after.map(nameOf));
  return before.filter((object) => !present.has(nameOf(object)));
}

/** The object in a rendered file; the text is what `manifestFiles` writes. */
export function statefulObject(text: string): StatefulObject {
  const kind = /^kind: (\S+)$/m.exec(text)?.[1] ?? "";
  const metadata = /^metadata:\n((?: .*\n)+)/m.exec(text)?.[1] ?? "";
  const field = (key: string) => new RegExp(`^ {2}${key}: "?([^"\\n]+)"?$`, "m").exec(metadata)?.[1];
  const namespace = field("namespace");
  return { kind, ...(namespace === undefined ? {} : { namespace }), name: field("name") ?? "" };
}
