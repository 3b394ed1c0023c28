import { readFileSync } from "node:fs";
import { type Schemas } from "./schema.ts";

/** Path of a committed file. @param name `kubernetes-1.36` or `custom` */
export const schemaFile = (name: string): URL => new URL(`./${name}.json`, import.meta.url);

export const committedSchemas = (name: string): Schemas =>
  JSON.parse(readFileSync(schemaFile(name), "utf8")) as Schemas;

/** `1.36.3` is in the file `kubernetes-1.36`: within a minor release fields don't change. */
export const kubernetesFile = (version: string): string => `kubernetes-${version.split(".").slice(0, 2).join(".")}`;

/** A line a definition: what an update changes can be read in a diff. */
export function formatSchemas({ from, kinds, definitions }: Schemas): string {
  const lines = (object: object): string =>
    Object.entries(object)
      .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(",\n");
  return `{\n  "from": ${JSON.stringify(from)},\n  "kinds": {\n${lines(kinds)}\n  },\n  "definitions": {\n${lines(definitions)}\n  }\n}\n`;
}
