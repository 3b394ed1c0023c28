import { Failure } from "@molly/site";
import { pulledImageWay } from "./container-archive.ts";
import { containerImages } from "./container-images.ts";
import { type Had, isCached, type Item, obtain } from "./obtain.ts";
import { reachable } from "./reachable.ts";
import { sideBySide } from "../side-by-side.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Archives of images that are pulled when they can be; all or, where they are not to be had, undefined.
 * @throws Failure when one is not to be had although the mode is "pull".
 */
export async function extraArchives(
  workshop: Workshop,
  wanted: readonly string[],
): Promise<readonly Had[] | undefined> {
  // flannel is among Canal's images, too, and is had in its own right.
  const own = containerImages(workshop.versions).map(({ repository, tag }) => `${repository}:${tag}`);
  const names = wanted.filter((name) => !own.includes(name));
  if (names.length === 0) return undefined;
  const without = (why: string): undefined => {
    workshop.onStep({ name: "extra images", state: "done", detail: `not to be had from a registry: ${why}` });
  };
  if (workshop.mode === "build") return without("nothing is pulled");
  const items = names.map((name) => itemOf(workshop, name));
  const silent = workshop.mode === "auto" ? await unreachable(workshop, items) : undefined;
  if (silent !== undefined) return without(`${silent} does not answer`);
  try {
    return await sideBySide(workshop.signal, (signal) => items.map((item) => obtain({ ...workshop, signal }, item)));
  } catch (failure) {
    workshop.signal.throwIfAborted();
    if (workshop.mode === "auto" && failure instanceof Failure) return without(failure.message);
    throw failure;
  }
}

const itemOf = (workshop: Workshop, name: string): Item => ({
  ...{ name: entryName(name), version: name, extension: ".tar" },
  ways: [pulledImageWay(workshop, name)],
});

/** The first server that has something to give and does not answer; what is cached needs none. */
async function unreachable(workshop: Workshop, items: readonly Item[]): Promise<string | undefined> {
  for (const item of items) {
    const from = item.ways[0]?.from;
    if (from !== undefined && !(await isCached(workshop, item)) && !(await reachable(from))) return from;
  }
  return undefined;
}

/** `quay.io/calico/node:v3.32.1` → `image-calico-node`. */
function entryName(name: string): string {
  const path = name.split("/").slice(1).join("-");
  return `image-${path.replace(/[:@].*/, "")}`;
}
