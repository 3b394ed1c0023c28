import { type Schema } from "./schema.ts";

type Json = Readonly<Record<string, unknown>>;

const kept = ["type", "required", "enum", "pattern", "minimum", "maximum", "$ref"] as const;

/**
 * A schema of OpenAPI, as Kubernetes and CustomResourceDefinitions have it, without all that doesn't judge an object:
 * descriptions, defaults, extensions.
 */
export function cutSchema(schema: Json): Schema {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string")
    return { intOrString: true };
  const { properties, items, additionalProperties } = schema as Record<string, Json | undefined>;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...Object.fromEntries(kept.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]]))),
    ...(open ? { open: true } : {}),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, inner]) => [key, cutSchema(inner as Json)]),
          ),
        }),
    ...(items === undefined ? {} : { items: cutSchema(items) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === "boolean" ? additionalProperties : cutSchema(additionalProperties),
        }),
  };
}

/** The schemas that the named ones refer to, however far, and themselves. */
export function reachable(all: Readonly<Record<string, Json>>, roots: readonly string[]): Record<string, Schema> {
  const found = new Map<string, Schema>();
  const visit = (name: string): void => {
    const schema = all[name];
    if (found.has(name) || schema === undefined) return;
    // A text to its schema; the API server takes a number as well.
    const cut: Schema = name.endsWith(".Quantity") ? { intOrString: true } : cutSchema(schema);
    found.set(name, cut);
    for (const [, inner] of JSON.stringify(cut).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) visit(inner ?? "");
  };
  roots.forEach(visit);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
