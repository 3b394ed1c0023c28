import { provider } from "./resources.ts";
import type { AttributeSchema, BlockSchema, NestedBlockSchema, ProvidersSchema } from "./schema.ts";

type Json = Record<string, unknown>;

/** Terraform's own arguments, allowed in every resource. */
const metaArguments = new Set([
  "connection",
  "count",
  "depends_on",
  "for_each",
  "lifecycle",
  "provider",
  "provisioner",
]);

/** A resource of Terraform's own, for which no provider is installed. */
const builtIn: Readonly<Record<string, BlockSchema>> = {
  terraform_data: {
    attributes: { input: { type: "dynamic", optional: true }, triggers_replace: { type: "dynamic", optional: true } },
  },
};

/**
 * Where a stack's JSON is not what the provider's schema allows: unknown resources, attributes and blocks, missing
 * required ones, values of another type. One line each, sorted by place; empty when all is well. Needs no network;
 * what only the provider knows (which strings it accepts, say) is left to `terraform validate`.
 */
export function conformanceProblems(stack: unknown, schema: ProvidersSchema): string[] {
  const known = schema.provider_schemas[provider.address];
  const { provider: providers = {}, resource: types = {} } = stack as { provider?: Json; resource?: Json };
  const problems = Object.entries(providers).flatMap(([name, blocks]) =>
    asList(blocks).flatMap((block) => inBlock(block as Json, known?.provider.block ?? {}, `provider.${name}`)),
  );
  for (const [type, resources] of Object.entries(types)) {
    const block = builtIn[type] ?? known?.resource_schemas[type]?.block;
    if (block === undefined) {
      problems.push(`resource.${type}: not a resource of the committed schema`);
      continue;
    }
    for (const [name, values] of Object.entries(resources as Json)) {
      const own = Object.entries(values as Json).filter(([key]) => !metaArguments.has(key));
      problems.push(...inBlock(Object.fromEntries(own), block, `${type}.${name}`));
    }
  }
  return problems.sort();
}

function inBlock(values: Json, { attributes = {}, block_types = {} }: BlockSchema, place: string): string[] {
  const given = Object.entries(values).flatMap(([key, value]) => {
    const at = `${place}.${key}`;
    const attribute = attributes[key];
    if (attribute !== undefined) return inAttribute(value, attribute, at);
    const block = block_types[key];
    return block === undefined ? [`${at}: unknown`] : inNestedBlock(value, block, at);
  });
  const missing = Object.entries(attributes).filter(([key, { required }]) => required && !(key in values));
  const missingBlocks = Object.entries(block_types).filter(
    ([key, { min_items = 0 }]) => min_items > 0 && !(key in values),
  );
  return [...given, ...[...missing, ...missingBlocks].map(([key]) => `${place}.${key}: required, but missing`)];
}

function inNestedBlock(value: unknown, { block, max_items = 0 }: NestedBlockSchema, place: string): string[] {
  const blocks = asList(value);
  const tooMany =
    max_items > 0 && blocks.length > max_items ? [`${place}: ${blocks.length} blocks, at most ${max_items}`] : [];
  return [...tooMany, ...blocks.flatMap((inner, index) => inBlock(inner as Json, block, `${place}[${index}]`))];
}

function inAttribute(value: unknown, { type, optional, required }: AttributeSchema, place: string): string[] {
  if (!optional && !required) return [`${place}: read-only`];
  return ofType(value, type, place);
}

/** `type` is Terraform's: a word such as `"string"`, or a pair such as `["list", "string"]`. */
function ofType(value: unknown, type: unknown, place: string): string[] {
  if (value === null || isExpression(value)) return [];
  if (typeof type === "string") {
    const wanted = type === "bool" ? "boolean" : type;
    return type === "dynamic" || typeof value === wanted ? [] : [`${place}: ${typeof value}, not ${type}`];
  }
  const [collection, inner] = type as [string, unknown];
  if (collection === "object") return ofObject(value as Json, inner as Json, place);
  if (collection === "map")
    return Object.entries(value as Json).flatMap(([key, element]) => ofType(element, inner, `${place}.${key}`));
  if (!Array.isArray(value)) return [`${place}: ${typeof value}, not a ${collection}`];
  return value.flatMap((element, index) => ofType(element, inner, `${place}[${index}]`));
}

/** To Terraform an object's attributes are all required, if only as `null`. */
function ofObject(value: Json, attributes: Json, place: string): string[] {
  const unknown = Object.keys(value).filter((key) => !(key in attributes));
  return [
    ...unknown.map((key) => `${place}.${key}: unknown`),
    ...Object.entries(attributes).flatMap(([key, type]) =>
      key in value ? ofType(value[key], type, `${place}.${key}`) : [`${place}.${key}: required, but missing`],
    ),
  ];
}

/** What only Terraform can evaluate. */
const isExpression = (value: unknown): boolean => typeof value === "string" && value.includes("${");

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
