import { type k8s } from "cdk8s-plus-27";

type Schema = k8s.JsonSchemaProps;

/** Keeps every field that it doesn't name. */
const open: Schema = { type: "object", xKubernetesPreserveUnknownFields: true };

/**
 * A structural schema that accepts every object and fills in `defaults` (values by dotted path): `open` all the way
 * down, naming only what leads to a default. As everywhere in Kubernetes, a default inside an object applies only
 * where that object is given.
 */
export function openSchema(defaults: Readonly<Record<string, string | number>>): Schema {
  return Object.entries(defaults).reduce((schema, [path, value]) => insert(schema, path.split("."), value), open);
}

function insert(schema: Schema, path: string[], value: string | number): Schema {
  const [head, ...rest] = path;
  if (head === undefined) return { type: typeof value === "number" ? "integer" : "string", default: value };
  const inner = insert(schema.properties?.[head] ?? open, rest, value);
  return { ...schema, properties: { ...schema.properties, [head]: inner } };
}
