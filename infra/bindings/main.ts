import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { formatSchema } from "./format-schema.ts";
import { generateBindings } from "./generate.ts";
import { readProviderSchema } from "./provider-schema.ts";
import { provider } from "./resources.ts";
import { committedSchema, committedSchemaFile, cutSchema } from "./schema.ts";
import { bindingsFolder, staleBindings, writeBindings } from "./stale.ts";

const usage = `Generates @cdktf/provider-proxmox from the schema that ${provider.source} ${provider.version} itself reports.

  node infra/bindings/main.ts               build the provider from its Go module, write schema.json and the bindings
  node infra/bindings/main.ts --registry    the same with the provider from Terraform's registry
  node infra/bindings/main.ts --check       offline: exit 1 when the bindings are not what schema.json yields
`;

const { values } = parseArgs({
  options: { check: { type: "boolean" }, registry: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});

async function check(): Promise<void> {
  const stale = await staleBindings();
  for (const line of stale) console.error(`infra/provider-proxmox/${line}`);
  if (stale.length === 0) return;
  console.error("The bindings are stale: run 'npx projen bindings' and commit what it writes.");
  process.exitCode = 1;
}

async function generate(): Promise<void> {
  const schema = cutSchema(await readProviderSchema(values.registry ? "registry" : "module"));
  await writeFile(committedSchemaFile, await formatSchema(schema));
  // From what was written, so that --check sees the very same input.
  const bindings = await generateBindings(committedSchema());
  await writeBindings(bindingsFolder, bindings);
  console.log(`Wrote infra/bindings/schema.json and ${bindings.size} files of infra/provider-proxmox/.`);
}

if (values.help) console.log(usage);
else if (values.check) await check();
else await generate();
