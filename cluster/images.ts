/** Of an object, what may be a pod's description, wherever it stands: of a Deployment, a CronJob, a Pod itself. */
type Node = { readonly [key: string]: unknown };

const containerLists = ["containers", "initContainers"];

/**
 * An object with every container's image as `image` gives it; all else as it is.
 * @param image from what stands there, `name:tag`
 */
export function withImages<T>(object: T, image: (name: string) => string): T {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isNode(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        containerLists.includes(key) && Array.isArray(inner) ? inner.map(container) : walk(inner),
      ]),
    );
  };
  const container = (value: unknown): unknown =>
    isNode(value) && typeof value["image"] === "string" ? { ...value, image: image(value["image"]) } : value;
  return walk(object) as T;
}

/** Every container's image in these objects, sorted, each once. */
export function imagesOf(objects: readonly unknown[]): string[] {
  const found = new Set<string>();
  withImages(objects, (name) => {
    found.add(name);
    return name;
  });
  return [...found].sort();
}

/** An image with the digest that its registry told for its tag; without one, as it is: none is ever made up. */
export const withDigest =
  (digests: Readonly<Record<string, string>>) =>
  (name: string): string => {
    const digest = Object.hasOwn(digests, name) ? digests[name] : undefined;
    return digest === undefined ? name : `${name}@${digest}`;
  };

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;
