import { parseAllDocuments } from "yaml";

/** The names of all images that the containers in these YAML documents run, sorted, each once. */
export function manifestImages(manifests: readonly string[]): readonly string[] {
  const found = manifests.flatMap((text) => parseAllDocuments(text).flatMap((document) => imagesOf(document.toJS())));
  return [...new Set(found)].sort();
}

/** A container is what has both a name and an image, at whatever depth: Deployments nest it deeper than Pods. */
function imagesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesOf);
  if (typeof value !== "object" || value === null) return [];
  const { image, name } = value as { readonly image?: unknown; readonly name?: unknown };
  const own = typeof image === "string" && typeof name === "string" ? [image] : [];
  return [...own, ...Object.values(value).flatMap(imagesOf)];
}
