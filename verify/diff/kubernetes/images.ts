import type { Finding } from "../model.ts";
import type { Pair } from "./compare-objects.ts";
import { about } from "./finding.ts";
import { containersOf, podOf } from "./look.ts";
import type { KubernetesObject } from "./objects.ts";

/** What a change does to the images that pods run. */
export function imageFindings({ before, after }: Pair): Finding[] {
  if (after === undefined) return [];
  const [old, young] = [imagesOf(before), imagesOf(after)];
  const news = [...young].filter(([name, image]) => old.get(name) !== image);
  const unpinned = news.filter(([, image]) => !isPinned(image));
  const otherSource = news.filter(
    ([name, image]) => old.has(name) && sourceOf(old.get(name) ?? "") !== sourceOf(image),
  );
  const bumped = news.filter(
    ([name, image]) => old.has(name) && isPinned(image) && sourceOf(old.get(name) ?? "") === sourceOf(image),
  );
  const tell = (list: readonly (readonly [string, string])[]): string =>
    [...new Set(list.map(([, image]) => image))].join(", ");
  return [
    ...(unpinned.length === 0
      ? []
      : [about(after, "images", "high", "image-unpinned", `Not pinned to a version or a digest: ${tell(unpinned)}`)]),
    ...(otherSource.length === 0
      ? []
      : [about(after, "images", "high", "image-source", `From another registry or repository: ${tell(otherSource)}`)]),
    ...(bumped.length === 0 ? [] : [about(after, "images", "low", "image-version", bumpsOf(bumped, old))]),
  ];
}

const bumpsOf = (bumped: readonly (readonly [string, string])[], old: ReadonlyMap<string, string>): string =>
  [...new Set(bumped.map(([name, image]) => `${lastPart(old.get(name) ?? "")} to ${lastPart(image)}`))].join(", ");

/** `node:v3.32.1` of `quay.io/calico/node:v3.32.1`; a digest as far as one reads it. */
const lastPart = (image: string): string =>
  image.slice(image.lastIndexOf("/") + 1).replace(/(@sha256:[0-9a-f]{8})[0-9a-f]*/, "$1…");

const imagesOf = (object: KubernetesObject | undefined): Map<string, string> =>
  new Map(containersOf(object && podOf(object)).map(({ name, image }) => [String(name), String(image ?? "")]));

/** A digest, or a tag that names one release: `latest`, `v3` and `stable` move. */
const isPinned = (image: string): boolean => /@sha256:[0-9a-f]{64}$|:v?\d+\.\d+\.\d+[\w.+-]*$/.test(image);

/** Without tag and digest. */
const sourceOf = (image: string): string => image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
