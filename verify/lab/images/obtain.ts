import { Failure } from "@molly/site";
import { entryPath, exists, storeEntry, touchEntry } from "./cache.ts";
import { reachable } from "./reachable.ts";
import type { Provenance } from "./types.ts";
import { firstLine, reportStep, type Workshop } from "./workshop.ts";

/** One way to have a thing. */
export interface Way {
  readonly how: "pulled" | "built";
  /** SHA-256 of everything that goes in. */
  readonly hash: string;
  /** URL whose server must answer for this way to be worth trying; for ways that fetch. */
  readonly from?: string;
  /** Writes the file or folder that is the thing. */
  make(target: string, say: (detail: string) => void): Promise<void>;
}

/** A thing that a replica needs, kept in the cache. */
export interface Item {
  readonly name: string;
  readonly version: string;
  readonly extension: "" | ".tar" | ".txt";
  /** In order of preference. */
  readonly ways: readonly Way[];
  /** Put together here in every mode: its parts may be pulled, the whole is published by nobody. */
  readonly assembled?: true;
}

export interface Had extends Provenance {
  /** The file or folder in the cache. */
  readonly path: string;
}

/**
 * Takes a thing from the cache, whichever way it came there, or has it the first way that works.
 * @throws Failure that names each way and why it failed.
 */
export async function obtain(workshop: Workshop, item: Item): Promise<Had> {
  const known = await cached(workshop, item);
  if (known !== undefined) return known;
  const failures: string[] = [];
  const firstThatWorks = async (say: (detail: string) => void): Promise<Had> => {
    for (const way of allowedWays(workshop, item)) {
      try {
        return await make(workshop, item, way, say);
      } catch (failure) {
        workshop.signal.throwIfAborted();
        if (!(failure instanceof Failure)) throw failure;
        failures.push(failure.message);
      }
    }
    throw new Failure({
      what: `'${item.name}' ${item.version} could not be had.`,
      seen: failures.join("\n") || `there is no way to have it with \`--images ${workshop.mode}\``,
      remedy: remedies[workshop.mode],
    });
  };
  return reportStep(workshop, item.name, firstThatWorks, ({ how }) => [how, ...failures.map(firstLine)].join("; "));
}

/** The thing if it is in the cache already. */
export async function cached(workshop: Workshop, item: Item): Promise<Had | undefined> {
  for (const way of allowedWays(workshop, item)) {
    const had = described(workshop, item, way, "cached");
    if (!(await exists(had.path))) continue;
    await touchEntry(had.path);
    workshop.onStep({ name: item.name, state: "cached" });
    return had;
  }
  return undefined;
}

/** Whether the thing is in the cache; reports nothing. */
export const isCached = async (workshop: Workshop, item: Item): Promise<boolean> =>
  (await cached({ ...workshop, onStep: () => undefined }, item)) !== undefined;

async function make(workshop: Workshop, item: Item, way: Way, say: (detail: string) => void): Promise<Had> {
  // An engine may take half a minute to find out that nobody answers; only `pull` has nothing better to do.
  if (way.from !== undefined && workshop.mode === "auto" && !(await reachable(way.from)))
    throw new Failure({ what: `${way.from} does not answer.`, remedy: remedies.auto });
  const had = described(workshop, item, way, way.how);
  await storeEntry(had.path, (target) => way.make(target, say));
  return had;
}

const described = (
  { cacheDir }: Workshop,
  { name, version, extension }: Item,
  { hash }: Way,
  how: Had["how"],
): Had => ({
  ...{ name, version, how, hash },
  path: entryPath(cacheDir, name, hash, extension),
});

const allowedWays = ({ mode }: Workshop, { ways, assembled }: Item): readonly Way[] =>
  ways.filter(({ how }) => assembled || mode === "auto" || (mode === "pull") === (how === "pulled"));

const remedies = {
  pull: "See that this machine reaches the registry, or let it build what is missing with `--images auto`.",
  build:
    "See what the compiler or apt says above. Where upstream's registries answer, `--images pull` needs no compiler.",
  auto: "See that this machine reaches upstream's registries, or Debian's mirror and Go's module registry.",
} as const;
