import { mkdir } from "node:fs/promises";
import { attempt, run } from "../process.ts";
import { debianBase } from "./base-image.ts";
import { withCacheLock } from "./cache-lock.ts";
import { compiler, type CompilerRun, removeCompileCache } from "./compiler.ts";
import { contentHash, folderHash } from "./content-hash.ts";
import { cached, type Item, obtain, type Way } from "./obtain.ts";
import { packagesImage } from "./packages-image.ts";
import type { StepReport } from "./types.ts";
import type { LabVersions } from "./versions.ts";
import { upstreamDownloads, type Workshop } from "./workshop.ts";

/** Where what is compiled is kept, and who is told meanwhile. */
export interface CacheProps {
  readonly versions: LabVersions;
  /** Folder that outlives the work tree: what was compiled once is not compiled again. */
  readonly cacheDir: string;
  readonly onStep?: (step: StepReport) => void;
  readonly signal?: AbortSignal;
}

export interface CompileModuleProps extends CacheProps, Pick<CompilerRun, "module" | "argv" | "env"> {
  /** What the cache calls the result. */
  readonly name: string;
  readonly version: string;
}

/**
 * Folder with what a command makes of a Go module below /out: from the cache, or compiled in the container that compiles
 * the replica's programs. For modules that no replica runs; the host needs no Go.
 * @throws Failure when the module does not compile.
 */
export async function compileModule(props: CompileModuleProps): Promise<string> {
  const { name, version } = props;
  const workshop = await workshopOf(props);
  const item: Item = { name, version, extension: "", ways: [await compiledWay(workshop, props)] };
  // An entry is whole as soon as it is there: only who makes one waits for the lock.
  const known = await cached(workshop, item);
  if (known !== undefined) return known.path;
  return filling(workshop, async () => (await obtain(workshop, item)).path);
}

/** The workshop of whoever compiles what no replica runs. */
export async function workshopOf({ versions, cacheDir, onStep, signal }: CacheProps): Promise<Workshop> {
  return {
    ...{ versions, cacheDir, mode: "auto", registry: undefined, downloads: upstreamDownloads },
    architecture: (await run("docker", ["version", "--format", "{{.Server.Arch}}"])).trim(),
    signal: signal ?? new AbortController().signal,
    onStep: onStep ?? (() => undefined),
  };
}

/** Does work that adds to the cache, when nobody else does. */
export function filling<T>({ cacheDir, signal, onStep }: Workshop, work: () => Promise<T>): Promise<T> {
  const onWait = (holder: number): void =>
    onStep({ name: "cache", state: "progress", detail: `waiting for process ${holder}, which is filling it` });
  return withCacheLock(cacheDir, { onWait, signal }, work);
}

async function compiledWay(workshop: Workshop, { module, argv, env = {} }: CompileModuleProps): Promise<Way> {
  const { versions, architecture } = workshop;
  return {
    how: "built",
    hash: contentHash(await folderHash(module), JSON.stringify([argv, env]), versions.go, architecture),
    make: async (target, onLine) => {
      await mkdir(target);
      const builder = await packagesImage(workshop, "builder", await debianBase(workshop));
      await compiler(workshop, builder).run({ module, out: target, argv, env, onLine });
      await removeCompileCache(workshop);
      await attempt("docker", ["rmi", builder.tag]);
    },
  };
}
