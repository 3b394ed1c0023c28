import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { committedSchemaFile, type ProvidersSchema } from "./schema.ts";

/** As it is committed: keys sorted at every level and in this repository's format, so that a new release is a readable diff. */
export async function formatSchema(schema: ProvidersSchema): Promise<string> {
  const path = fileURLToPath(committedSchemaFile);
  return format(JSON.stringify(schema, sorted, 2), { ...(await resolveConfig(path)), parser: "json" });
}

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
