import { fileURLToPath } from "node:url";
import type { Site } from "@molly/site";
import { labVersions } from "../lab/images/index.ts";
import { compileModule } from "../lab/images/compile-module.ts";

/** Pins the releases that the manifests come from, by hash too. */
export const moduleFolder = fileURLToPath(new URL("upstream/", import.meta.url));

/** Upstream's folder, or file, in the Go module of the same release → where it lies in what `upstreamManifests` returns. */
export const upstreamFiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "github.com/fluxcd/flux2/v2": { manifests: "flux2/manifests" },
  "github.com/fluxcd/kustomize-controller": { config: "kustomize-controller/config" },
  "github.com/fluxcd/source-controller": { config: "source-controller/config" },
  "github.com/ceph/ceph-csi-operator": {
    // The rendered source leaves OpenShift's file out.
    "deploy/all-in-one/install.yaml": "sources/ceph-csi-operator/deploy/all-in-one/install.yaml",
  },
  "github.com/kubernetes-csi/external-snapshotter/client/v8": {
    "config/crd": "sources/external-snapshotter/client/config/crd",
  },
  "github.com/kubernetes-csi/external-snapshotter/v8": {
    "deploy/kubernetes": "sources/external-snapshotter/deploy/kubernetes",
  },
  "github.com/prometheus-operator/prometheus-operator": {
    "example/prometheus-operator-crd": "sources/prometheus-operator/example/prometheus-operator-crd",
  },
};

/** The Go module in which a source's release is published, by the source's name. */
export const moduleOfSource: Readonly<Record<string, string>> = {
  "ceph-csi-operator": "github.com/ceph/ceph-csi-operator",
  "external-snapshotter": "github.com/kubernetes-csi/external-snapshotter/v8",
  "prometheus-operator": "github.com/prometheus-operator/prometheus-operator",
};

const copy = `set -eu
copy() {
  folder=$(go mod download -json "$1" | sed -n 's/^\\t"Dir": "\\(.*\\)",$/\\1/p')
  mkdir -p "/out/\${3%/*}"
  cp -R "$folder/$2" "/out/$3"
}
${Object.entries(upstreamFiles)
  .flatMap(([module, files]) => Object.entries(files).map(([from, to]) => `copy ${module} ${from} ${to}`))
  .join("\n")}
chmod -R u+w /out
`;

/**
 * Folder with what upstream publishes at the releases that a site's Flux applies: the real files, out of the Go modules of
 * the same releases; fetched once, then kept in the cache.
 * @throws Failure when the Go module proxy can't be reached
 */
export const upstreamManifests = (site: Site, cacheDir: string): Promise<string> =>
  compileModule({
    ...{ name: "upstream-manifests", version: "1", module: moduleFolder },
    ...{ argv: ["sh", "-c", copy], versions: labVersions(site), cacheDir },
  });
