import { readFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CrdSource,
  crdSources,
  formatSchemas,
  fromCrds,
  fromOpenApi,
  kubernetesFile,
  kubernetesReleases,
  schemaFile,
} from "@molly/cluster/schemas";
import { run } from "@molly/verify";
import { parse } from "yaml";

/*
 * Cuts cluster/schemas/*.json anew: Kubernetes' from its Go module, other kinds' from theirs, or from their repository where
 * they are served as no module. Needs Go, git and the network; run it when a version in cluster/schemas/sources.ts changes.
 */

const folder = await mkdtemp(join(tmpdir(), "molly-schemas-"));
try {
  for (const version of kubernetesReleases) {
    const module = await moduleFolder("k8s.io/kubernetes", `v${version}`);
    const swagger: unknown = JSON.parse(await readFile(join(module, "api/openapi-spec/swagger.json"), "utf8"));
    await writeFile(
      schemaFile(kubernetesFile(version)),
      formatSchemas(fromOpenApi(swagger, `k8s.io/kubernetes v${version}`)),
    );
  }
  const crds: unknown[] = [];
  for (const source of crdSources) {
    const files = await sourceFolder(source);
    for (const file of source.files) crds.push(parse(await readFile(join(files, file), "utf8")));
  }
  const from = crdSources.map(({ module, repository, version }) => `${module ?? repository} ${version}`);
  await writeFile(schemaFile("custom"), formatSchemas(fromCrds(crds, from)));
} finally {
  await rm(folder, { recursive: true });
}

async function sourceFolder({ module, repository = "", version }: CrdSource): Promise<string> {
  if (module !== undefined) return moduleFolder(module, version);
  const clone = await mkdtemp(join(folder, "clone-"));
  await run("git", [
    "-c",
    "advice.detachedHead=false",
    "clone",
    "--quiet",
    "--depth",
    "1",
    "--branch",
    version,
    repository,
    clone,
  ]);
  return clone;
}

/** Where Go keeps the module's files, fetched if need be. */
async function moduleFolder(module: string, version: string): Promise<string> {
  const env = { GOTOOLCHAIN: "auto", GOFLAGS: "-mod=mod" };
  const told = await run("go", ["mod", "download", "-json", `${module}@${version}`], { cwd: folder, env });
  return (JSON.parse(told) as { Dir: string }).Dir;
}
