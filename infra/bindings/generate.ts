import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodeMaker, TerraformProviderGenerator } from "@cdktn/provider-generator";
import type { ProvidersSchema } from "./schema.ts";

type GeneratorInput = NonNullable<ConstructorParameters<typeof TerraformProviderGenerator>[1]>;

/** File text by its path below infra/provider-proxmox/. */
export type Bindings = ReadonlyMap<string, string>;

const generatedFolder = "providers/proxmox/";

/**
 * TypeScript for every resource of the schema: the same text for the same schema. CodeMaker keeps its files to itself
 * until it saves them, hence the temporary folder; it is gone when this returns.
 */
export async function generateBindings(schema: ProvidersSchema): Promise<Bindings> {
  // The generator reports each run to its maker's server unless told not to; a check must not need a network.
  process.env["CHECKPOINT_DISABLE"] = "1";
  const code = new CodeMaker();
  new TerraformProviderGenerator(code, structuredClone(schema) as GeneratorInput, {
    importExtension: ".ts",
  }).generateAll();
  const folder = await mkdtemp(join(tmpdir(), "molly-bindings-"));
  try {
    const saved = await code.save(folder);
    const texts = saved.filter(isWanted).map(async (file) => {
      const path = file.slice(file.indexOf(generatedFolder) + generatedFolder.length);
      return [path, adapt(await readFile(file, "utf8"))] as const;
    });
    return new Map((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The lazy index needs CommonJS, and the READMEs only link to the registry. */
const isWanted = (file: string): boolean => file.endsWith("/index.ts");

/** The library is installed under the name it had before its fork, `cdktf` (decisions/0004). */
const adapt = (text: string): string => text.replaceAll("from 'cdktn'", "from 'cdktf'");
