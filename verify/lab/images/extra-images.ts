import { Failure } from "@molly/site";
import { pulledImageWay } from "./container-archive.ts";
import { type Had, obtain } from "./obtain.ts";
import { reachable } from "./reachable.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Archives of images that can't be built from Go modules; all or, where they are not to be had, undefined.
 * @throws Failure when one is not to be had although the mode is "pull".
 */
export async function extraArchives(workshop: Workshop, names: readonly string[]): Promise<readonly Had[] | undefined> {
  if (names.length === 0) return undefined;
  const without = (why: string): undefined => {
    workshop.onStep({ name: "extra images", state: "done", detail: `not to be had here, going on without: ${why}` });
  };
  if (workshop.mode === "build") return without("they can only be pulled");
  const ways = names.map((name) => ({ name, way: pulledImageWay(workshop, name) }));
  if (workshop.mode === "auto")
    for (const { way } of ways)
      if (way.from !== undefined && !(await reachable(way.from))) return without(`${way.from} does not answer`);
  try {
    return await sideBySide(workshop.signal, (signal) =>
      ways.map(({ name, way }) =>
        obtain({ ...workshop, signal }, { name: entryName(name), version: name, extension: ".tar", ways: [way] }),
      ),
    );
  } catch (failure) {
    workshop.signal.throwIfAborted();
    if (workshop.mode === "auto" && failure instanceof Failure) return without(failure.message);
    throw failure;
  }
}

/** `quay.io/calico/node:v3.32.1` → `image-calico-node`. */
const entryName = (name: string): string =>
  `image-${name
    .split("/")
    .slice(1)
    .join("-")
    .replace(/[:@].*/, "")}`;
