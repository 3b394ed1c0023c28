import { readdir, readFile, rm, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bindings, generateBindings } from "./generate.ts";
import { committedSchema } from "./schema.ts";

/** Where the private workspace `@cdktf/provider-proxmox` lies; its package.json is written by projen. */
export const bindingsFolder = fileURLToPath(new URL("../provider-proxmox/", import.meta.url));

/** The bindings as they are on disk. */
export async function readBindings(folder: string): Promise<Bindings> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".ts")).sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const)),
  );
}

/** Replaces every generated file: what is no longer generated goes. */
export async function writeBindings(folder: string, bindings: Bindings): Promise<void> {
  const old = await readBindings(folder);
  const gone = [...old.keys()].filter((path) => !bindings.has(path));
  await Promise.all(gone.map((path) => rm(dirname(join(folder, path)), { recursive: true })));
  for (const [path, text] of bindings) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** One line for each difference, sorted by path; none when the bindings are what the schema yields. */
export const compareBindings = (expected: Bindings, actual: Bindings): string[] =>
  [...new Set([...expected.keys(), ...actual.keys()])].sort().flatMap((path) => {
    if (!actual.has(path)) return [`${path}: missing`];
    if (!expected.has(path)) return [`${path}: not generated from the schema`];
    return expected.get(path) === actual.get(path) ? [] : [`${path}: differs from what the schema yields`];
  });

/**
 * What is stale in infra/provider-proxmox/, judged by the committed schema, without any network.
 * Empty when all is well; `npx projen bindings` cures the rest.
 */
export const staleBindings = async (folder: string = bindingsFolder): Promise<string[]> =>
  compareBindings(await generateBindings(committedSchema()), await readBindings(folder));
