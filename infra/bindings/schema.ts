import { readFileSync } from "node:fs";
import { provider, resourcesInUse } from "./resources.ts";

/** One attribute of a resource, as `terraform providers schema -json` prints it. */
export interface AttributeSchema {
  readonly type?: unknown;
  readonly description?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
}

/** A nested block: `list` and `set` may repeat, `single` may not. */
export interface NestedBlockSchema {
  readonly nesting_mode: string;
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, NestedBlockSchema>>;
}

export interface ResourceSchema {
  readonly version: number;
  readonly block: BlockSchema;
}

/** What `terraform providers schema -json` prints, as far as it is used here. */
export interface ProvidersSchema {
  readonly provider_schemas: Readonly<
    Record<string, { provider: ResourceSchema; resource_schemas: Readonly<Record<string, ResourceSchema>> }>
  >;
  readonly provider_versions?: Readonly<Record<string, string>>;
}

/** The committed schema, cut to the resources in use. */
export const committedSchemaFile = new URL("schema.json", import.meta.url);

/** @throws SyntaxError if the committed file isn't JSON. */
export const committedSchema = (): ProvidersSchema =>
  JSON.parse(readFileSync(committedSchemaFile, "utf8")) as ProvidersSchema;

/**
 * The provider's whole schema without what the stacks don't use, and with the exact version that it was read from.
 *
 * @throws Error that names every resource in use which the provider doesn't have.
 */
export function cutSchema(whole: ProvidersSchema): ProvidersSchema {
  const found = whole.provider_schemas[provider.address];
  if (found === undefined)
    throw new Error(
      `The schema has no provider '${provider.address}', only: ${Object.keys(whole.provider_schemas).join(", ") || "none"}.`,
    );
  const missing = resourcesInUse.filter((type) => found.resource_schemas[type] === undefined);
  if (missing.length > 0)
    throw new Error(
      `Provider ${provider.source} ${provider.version} has no resource ${missing.join(", ")}: ` +
        `correct the list in infra/bindings/resources.ts.`,
    );
  const resource_schemas = Object.fromEntries(
    Object.entries(found.resource_schemas).filter(([type]) => resourcesInUse.some((used) => used === type)),
  );
  return {
    provider_schemas: { [provider.address]: { provider: found.provider, resource_schemas } },
    provider_versions: { [provider.address]: provider.version },
  };
}
