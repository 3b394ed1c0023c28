import { attempt } from "../process.ts";
import { debianBase } from "./base-image.ts";
import { type CacheProps, filling, workshopOf } from "./compile-module.ts";
import { compiler, type Compiler, removeCompileCache } from "./compiler.ts";
import { compiledWay } from "./go-build.ts";
import type { GoModule } from "./go-modules.ts";
import { cached, type Item, obtain } from "./obtain.ts";
import { once } from "./once.ts";
import { packagesImage } from "./packages-image.ts";

/**
 * A folder of programs for each of these modules of go/, in their order: from the cache, or compiled as those of a replica
 * are. One after the other and before Go's own cache goes, so that they share what they have in common.
 * @throws Failure when one does not compile.
 */
export async function compilePrograms(modules: readonly GoModule[], props: CacheProps): Promise<string[]> {
  const workshop = await workshopOf(props);
  const builder = once(async () => packagesImage(workshop, "builder", await debianBase(workshop)));
  const inBuilder: Compiler = { run: async (what) => compiler(workshop, await builder()).run(what) };
  const items = await Promise.all(
    modules.map(async (module): Promise<Item> => {
      const { name, requires } = module;
      const way = await compiledWay(workshop, module, inBuilder);
      return { name: `programs-${name}`, version: requires.version, extension: "", ways: [way] };
    }),
  );
  const known = await Promise.all(items.map((item) => cached(workshop, item)));
  if (known.every((had) => had !== undefined)) return known.map(({ path }) => path);
  return filling(workshop, async () => {
    const paths: string[] = [];
    for (const item of items) paths.push((await obtain(workshop, item)).path);
    await removeCompileCache(workshop);
    await attempt("docker", ["rmi", (await builder()).tag]);
    return paths;
  });
}
