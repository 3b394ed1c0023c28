import { mkdir, readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Compiler } from "./compiler.ts";
import { contentHash, folderHash } from "./content-hash.ts";
import { goFolder } from "./dockerfiles.ts";
import { checkRequiredVersion } from "./go-mod.ts";
import type { GoModule } from "./go-modules.ts";
import type { Way } from "./obtain.ts";
import type { Workshop } from "./workshop.ts";

/** How the programs of a module are compiled: all in one call, so that Go shares what they have in common. */
export async function compiledWay(workshop: Workshop, module: GoModule, compiler: Compiler): Promise<Way> {
  const folder = join(goFolder, module.name);
  const { go } = workshop.versions;
  const commands = [buildArguments(module), module.cPrograms === undefined ? [] : gcc];
  return {
    how: "built",
    hash: contentHash(await folderHash(folder), JSON.stringify([module, commands]), go, workshop.architecture),
    make: async (target, say) => {
      checkRequiredVersion(await readFile(join(folder, "go.mod"), "utf8"), module);
      await mkdir(target);
      const { run } = compiler;
      let packages = 0;
      const onLine = (line: string): void => {
        if (/^\S+$/.test(line)) packages++; // `go build -v` names each package that it compiles
        say(`${packages} packages compiled`);
      };
      const env = { CGO_ENABLED: module.cgo ? "1" : "0" };
      await run({ module: folder, out: target, argv: ["go", ...buildArguments(module)], env, onLine });
      await nameAsUpstream(target, module);
      for (const argv of await cCommands(module, (args) => run({ module: folder, out: target, argv: args })))
        await run({ module: folder, out: target, argv });
    },
  };
}

/** Arguments of `go`. Paths are trimmed and no build id of the place is left in: the same bytes wherever it is compiled. */
export function buildArguments({ programs, variables, cgo }: GoModule): readonly string[] {
  const assignments = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  const linker = ["-s", "-w", ...assignments, ...(cgo ? ['-extldflags "-static"'] : [])];
  return [
    ...["build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false"],
    // With these tags Go resolves names itself: glibc's resolver can't be linked statically.
    ...(cgo ? ["-tags", "netgo,osusergo"] : []),
    ...["-ldflags", linker.join(" "), "-o", "/out/"],
    ...Object.values(programs),
  ];
}

/** Go names a program after its package's last element that is not a version; upstream's packagers name some otherwise. */
async function nameAsUpstream(folder: string, { programs }: GoModule): Promise<void> {
  for (const [program, path] of Object.entries(programs)) {
    const compiled = basename(path.replace(/\/v\d+$/, ""));
    if (compiled !== program) await rename(join(folder, compiled), join(folder, program));
  }
}

/** The flags of upstream's build/pause/Makefile, and -s as for the programs in Go. */
const gcc = ["gcc", "-Os", "-Wall", "-Werror", "-static", "-s"];

async function cCommands(module: GoModule, run: (argv: readonly string[]) => Promise<string>): Promise<string[][]> {
  if (module.cPrograms === undefined) return [];
  const source = (await run(["go", "list", "-m", "-f", "{{.Dir}}", module.requires.module])).trim();
  return Object.entries(module.cPrograms).map(([program, { source: file, version }]) => [
    ...gcc,
    `-DVERSION=${version}`,
    "-o",
    `/out/${program}`,
    join(source, file),
  ]);
}
