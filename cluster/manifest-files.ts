import { type RenderedFile } from "@molly/site";
import { type Chart, Yaml } from "cdk8s";
import { withImages } from "./images.ts";

/** What every Kubernetes object has, whatever its kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface ManifestFilesOptions {
  readonly byNamespace?: boolean;
  readonly image?: (name: string) => string;
}

/**
 * The objects of a chart as one file each, and the `kustomization.yaml` that lists them.
 *
 * The list is explicit because Flux loads a folder without one recursively: a Kustomization found that way would own,
 * and could prune, itself.
 *
 * @param byNamespace a folder a namespace: for objects that are called the same in each
 * @param image what each container's image is written as; default: as it is
 * @throws Error when two objects would share a file.
 */
export function manifestFiles(
  folder: string,
  chart: Chart,
  { byNamespace = false, image = (name) => name }: ManifestFilesOptions = {},
): RenderedFile[] {
  const objects = withImages(chart.toJson() as Manifest[], image).map((object) => ({
    name: `${byNamespace && object.metadata.namespace ? `${object.metadata.namespace}/` : ""}${fileName(object)}`,
    object,
  }));
  objects.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = objects.map(({ name }) => name);
  const twice = names.find((name, index) => name === names[index + 1]);
  if (twice !== undefined) throw new Error(`${folder}/${twice}: two objects of one kind and name; rename one of them.`);

  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    metadata: { name: folder.replaceAll("/", "-") },
    resources: names,
  };
  return [...objects, { name: "kustomization.yaml", object: kustomization }].map(({ name, object }) => ({
    path: `${folder}/${name}`,
    text: Yaml.stringify(sortKeys(object)),
  }));
}

/** `daemonset-canal.yaml`; a CustomResourceDefinition's name says its kind already. */
function fileName({ kind, metadata }: Manifest): string {
  return kind === "CustomResourceDefinition" ? `${metadata.name}.yaml` : `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/** cdk8s sorts too, unless an environment variable forbids it; what is rendered must not depend on the environment. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
