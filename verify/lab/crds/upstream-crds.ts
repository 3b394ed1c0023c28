import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Site } from "@molly/site";
import { compileModule } from "../images/compile-module.ts";
import { labVersions } from "../images/index.ts";
import { cacheFolder } from "../cache-folder.ts";

/** Pins the releases that the kinds come from, by hash too. */
const moduleFolder = fileURLToPath(new URL("go/", import.meta.url));

/** Files of CustomResourceDefinitions, by the Go module that they are in. */
export const crdFiles: Readonly<Record<string, readonly string[]>> = {
  "github.com/external-secrets/external-secrets": ["config/crds/bases/external-secrets.io_externalsecrets.yaml"],
  "github.com/fluxcd/kustomize-controller": ["config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"],
  "github.com/fluxcd/source-controller": ["gitrepositories", "ocirepositories"].map(
    (kind) => `config/crd/bases/source.toolkit.fluxcd.io_${kind}.yaml`,
  ),
  "github.com/kubernetes-csi/external-snapshotter/client/v8": [
    "config/crd/snapshot.storage.k8s.io_volumesnapshotclasses.yaml",
  ],
  "github.com/prometheus-operator/prometheus-operator": [
    "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
  ],
};

/** Copies each file to /out, from where Go keeps the module that go.mod names. */
export const copyCrds = `set -eu
copy() {
  folder=$(go mod download -json "$1" | sed -n 's/^\\t"Dir": "\\(.*\\)",$/\\1/p')
  shift
  for file in "$@"; do cp "$folder/$file" /out/; done
}
${Object.entries(crdFiles)
  .map(([module, files]) => `copy ${module} ${files.join(" ")}`)
  .join("\n")}
`;

/**
 * The real CustomResourceDefinitions of what is published as a Go module, as YAML; fetched once, then kept in the cache.
 * @throws Failure when the Go module proxy can't be reached
 */
export async function upstreamCrds(site: Site): Promise<string[]> {
  const folder = await compileModule({
    ...{ name: "crds", version: "1", module: moduleFolder },
    argv: ["sh", "-c", copyCrds],
    versions: labVersions(site),
    cacheDir: cacheFolder(),
  });
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}
