import { compareValues } from "../values/compare-values.ts";
import { counted } from "../words.ts";
import type { KubernetesObject } from "./objects.ts";

type Entries = Readonly<Record<string, unknown>>;

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  /** Paths of the schema's fields with their types. */
  readonly fields: ReadonlyMap<string, string>;
  readonly required: ReadonlySet<string>;
}

export const isCrd = ({ kind }: KubernetesObject): boolean => kind === "CustomResourceDefinition";

export const versionsOf = ({ content }: KubernetesObject): CrdVersion[] => {
  const spec = (content["spec"] ?? {}) as Entries;
  return ((spec["versions"] ?? []) as Entries[]).map((version) => {
    const fields = new Map<string, string>();
    const required = new Set<string>();
    walkSchema(((version["schema"] ?? {}) as Entries)["openAPIV3Schema"], "", fields, required);
    return {
      name: String(version["name"]),
      served: version["served"] === true,
      storage: version["storage"] === true,
      fields,
      required,
    };
  });
};

function walkSchema(schema: unknown, path: string, fields: Map<string, string>, required: Set<string>): void {
  if (typeof schema !== "object" || schema === null) return;
  const { properties, items, additionalProperties, required: names, type } = schema as Entries;
  if (path !== "") fields.set(path, String(type ?? "any"));
  if (Array.isArray(names))
    for (const name of names) required.add(path === "" ? String(name) : `${path}.${String(name)}`);
  if (typeof properties === "object" && properties !== null)
    for (const [name, inner] of Object.entries(properties))
      walkSchema(inner, path === "" ? name : `${path}.${name}`, fields, required);
  walkSchema(items, `${path}[]`, fields, required);
  walkSchema(additionalProperties, `${path}{}`, fields, required);
}

/** What differs in one version that both sides have. */
export function schemaChange(before: CrdVersion, after: CrdVersion) {
  const has = (version: CrdVersion) => (path: string) => version.fields.has(path);
  return {
    added: [...after.fields.keys()].filter((path) => !has(before)(path)),
    removed: [...before.fields.keys()].filter((path) => !has(after)(path)),
    retyped: [...after.fields]
      .filter(([path, type]) => has(before)(path) && before.fields.get(path) !== type)
      .map(([path]) => path),
    required: [...after.required].filter((path) => !before.required.has(path)),
  };
}

/** Paths that are named; a bump of a release changes hundreds. */
const most = 12;
const some = (paths: readonly string[]): string =>
  paths.length > most ? `${paths.slice(0, most).join(", ")} and ${paths.length - most} more` : paths.join(", ");

/** A change of a CRD in a few lines; undefined for any other object. */
export function foldCrd(before: KubernetesObject, after: KubernetesObject): string[] | undefined {
  if (!isCrd(after)) return undefined;
  const [old, young] = [versionsOf(before), versionsOf(after)];
  const lines = [
    ...old.filter(({ name }) => !young.some((one) => one.name === name)).map(({ name }) => `version ${name} removed`),
    ...young.flatMap((version) => {
      const was = old.find(({ name }) => name === version.name);
      return was === undefined
        ? [`version ${version.name} added, ${counted(version.fields.size, "field")}`]
        : foldVersion(was, version);
    }),
  ];
  const rest = compareValues(withoutSchemas(before), withoutSchemas(after)).map(
    ({ path, before: from, after: to }) => `${path}: ${from ?? "(nothing)"} → ${to ?? "(nothing)"}`,
  );
  if (lines.length + rest.length > 0) return [...lines, ...rest];
  const details = compareValues(before.content, after.content);
  return details.length === 0 ? [] : [`descriptions, validations or defaults in ${counted(details.length, "place")}`];
}

/** A new CRD in a few lines. */
export const foldNewCrd = (crd: KubernetesObject): string[] =>
  versionsOf(crd).map(({ name, fields }) => `version ${name}, ${counted(fields.size, "field")}`);

function foldVersion(before: CrdVersion, after: CrdVersion): string[] {
  const { added, removed, retyped, required } = schemaChange(before, after);
  const told: readonly (readonly [string, readonly string[]])[] = [
    [counted(added.length, "field added", "fields added"), added],
    [counted(removed.length, "field removed", "fields removed"), removed],
    [counted(retyped.length, "field of another type", "fields of another type"), retyped],
    [counted(required.length, "field now required", "fields now required"), required],
  ];
  return [
    ...(before.served === after.served
      ? []
      : [`version ${after.name} is ${after.served ? "now" : "no longer"} served`]),
    ...(before.storage === after.storage
      ? []
      : [`version ${after.name} is ${after.storage ? "now" : "no longer"} what is stored`]),
    ...told.filter(([, paths]) => paths.length > 0).map(([what, paths]) => `${after.name}: ${what}: ${some(paths)}`),
  ];
}

const withoutSchemas = ({ content }: KubernetesObject): unknown => {
  const { spec, ...rest } = content;
  const others = Object.entries((spec ?? {}) as Entries).filter(([key]) => key !== "versions");
  return { ...rest, spec: Object.fromEntries(others) };
};
