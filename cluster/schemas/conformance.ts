import { type Schema, type Schemas } from "./schema.ts";

/** An object, as it is read from a rendered file. */
export type Manifest = Readonly<Record<string, unknown>> & { readonly apiVersion: string; readonly kind: string };

type Definitions = Schemas["definitions"];

/** All that Kubernetes adds by itself, and every kind has. */
const metadataReference = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/**
 * What the API server would refuse in an object, as far as schemas tell: fields that don't exist, missing fields, wrong
 * types. A line each, sorted. What its validation alone knows (which names are taken, say) is for a real one.
 *
 * @returns undefined when none of the schemas knows the kind.
 */
export function conformanceProblems(object: Manifest, among: readonly Schemas[]): string[] | undefined {
  const kind = `${object.apiVersion} ${object.kind}`;
  const schemas = among.find(({ kinds }) => kinds[kind] !== undefined);
  if (schemas === undefined) return undefined;
  const definitions = Object.assign({}, ...among.map(({ definitions }) => definitions)) as Definitions;
  const schema = definitions[schemas.kinds[kind] ?? ""] ?? {};
  // A custom kind's schema leaves metadata open, since the API server knows it: strict validation judges it all the same.
  const { metadata, ...fields } = object;
  const own = schema.properties?.["metadata"] === undefined ? fields : object;
  const problems = [
    ...inSchema(own, schema, definitions, ""),
    ...inSchema(metadata, { $ref: `#/definitions/${metadataReference}` }, definitions, ".metadata"),
  ];
  return [...new Set(problems)].sort();
}

function inSchema(value: unknown, schema: Schema, definitions: Definitions, at: string): string[] {
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.replace("#/definitions/", "")];
    return target === undefined ? [`${at}: no schema ${schema.$ref}`] : inSchema(value, target, definitions, at);
  }
  if (schema.intOrString) return ["string", "number"].includes(typeof value) ? [] : [`${at}: neither number nor text`];
  if (schema.open && schema.properties === undefined) return [];
  const wrong = wrongType(value, schema);
  if (wrong !== undefined) return [`${at}: ${wrong}`];
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((item, index) => inSchema(item, items, definitions, `${at}[${index}]`));
  }
  if (typeof value === "object" && value !== null)
    return inObject(value as Record<string, unknown>, schema, definitions, at);
  return inScalar(value, schema, at);
}

function inObject(value: Record<string, unknown>, schema: Schema, definitions: Definitions, at: string): string[] {
  const { properties, additionalProperties, required = [], open } = schema;
  const given = Object.entries(value).flatMap(([key, inner]) => {
    const known = properties?.[key];
    if (known !== undefined) return inSchema(inner, known, definitions, `${at}.${key}`);
    if (typeof additionalProperties === "object")
      return inSchema(inner, additionalProperties, definitions, `${at}.${key}`);
    // A schema that names no field at all is one of those that take anything, as metadata is in a custom kind.
    if (open || additionalProperties === true || properties === undefined) return [];
    return [`${at}.${key}: unknown`];
  });
  return [...given, ...required.filter((key) => !(key in value)).map((key) => `${at}.${key}: required, but missing`)];
}

const typeOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : value === null ? "null" : Number.isInteger(value) ? "integer" : typeof value;

function wrongType(value: unknown, { type }: Schema): string | undefined {
  const seen = typeOf(value);
  if (type === undefined || seen === type || (type === "number" && seen === "integer")) return undefined;
  return `${seen}, not ${type}`;
}

function inScalar(value: unknown, schema: Schema, at: string): string[] {
  const { enum: choices, pattern, minimum = -Infinity, maximum = Infinity } = schema;
  if (choices !== undefined && !choices.includes(value)) return [`${at}: none of ${choices.join(", ")}`];
  if (typeof value === "number" && (value < minimum || value > maximum))
    return [`${at}: outside ${minimum} to ${maximum}`];
  if (typeof value === "string" && pattern !== undefined && !new RegExp(pattern).test(value))
    return [`${at}: not like ${pattern}`];
  return [];
}
