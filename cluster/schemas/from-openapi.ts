import { reachable, cutSchema } from "./cut.ts";
import { kubernetesKinds } from "./sources.ts";
import { type Schemas } from "./schema.ts";

type Json = Readonly<Record<string, unknown>>;

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Kubernetes' own kinds, from its `api/openapi-spec/swagger.json`. */
export function fromOpenApi(swagger: unknown, from: string): Schemas {
  const { definitions } = swagger as { definitions: Readonly<Record<string, Json>> };
  const kinds = Object.entries(definitions).flatMap(([name, schema]) =>
    ((schema["x-kubernetes-group-version-kind"] ?? []) as GroupVersionKind[])
      .map(({ group, version, kind }) => `${group === "" ? "" : `${group}/`}${version} ${kind}`)
      .filter((kind) => kubernetesKinds.has(kind))
      .map((kind) => [kind, name] as const),
  );
  const sorted = kinds.sort(([a], [b]) => (a < b ? -1 : 1));
  const roots = sorted.map(([, name]) => name);
  return { from: [from], kinds: Object.fromEntries(sorted), definitions: reachable(definitions, roots) };
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { openAPIV3Schema: Json };
    }[];
  };
}

/** Kinds of others, from their CustomResourceDefinitions. */
export function fromCrds(crds: readonly unknown[], from: readonly string[]): Schemas {
  const entries = (crds as Crd[]).flatMap(({ spec: { group, names, versions } }) =>
    versions
      .filter(({ served }) => served)
      .map(
        ({ name, schema }) =>
          [`${group}/${name} ${names.kind}`, cutSchema(withoutMetadata(schema.openAPIV3Schema))] as const,
      ),
  );
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    from,
    kinds: Object.fromEntries(sorted.map(([kind]) => [kind, kind])),
    definitions: Object.fromEntries(sorted),
  };
}

/** Metadata and status are the API server's and the controller's; what is written is the rest. */
function withoutMetadata(schema: Json): Json {
  const properties = Object.entries(schema["properties"] as Json).filter(
    ([key]) => !["metadata", "status"].includes(key),
  );
  return { ...schema, properties: Object.fromEntries(properties) };
}
