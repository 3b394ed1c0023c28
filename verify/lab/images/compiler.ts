import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BaseImage } from "./base-image.ts";
import { exists, removeTree } from "./cache.ts";
import { attempt, run } from "../process.ts";
import type { Workshop } from "./workshop.ts";

/** A container in which Go and gcc run: so the host needs neither, and every host compiles with the same. */
export interface Compiler {
  /** Runs a command in the folder of a module; what it writes to /out lands in `out`. */
  run(props: CompilerRun): Promise<string>;
}

export interface CompilerRun {
  /** Folder of the module, mounted read-only. */
  readonly module: string;
  readonly out: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/** Names of the host's settings that say where and how modules are fetched. */
const passedOn = [
  ...["GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
];

/** The certificates that the host trusts, a company's own among them. */
const hostCertificates = "/etc/ssl/certs";

export function compiler(workshop: Workshop, image: BaseImage): Compiler {
  const cache = compileCache(workshop);
  return {
    run: async ({ module, out, argv, env = {}, onLine }) => {
      await mkdir(cache, { recursive: true });
      const name = `molly-compile-${randomBytes(4).toString("hex")}`;
      const settings = {
        HOME: "/compile",
        GOMODCACHE: "/compile/modules",
        GOCACHE: "/compile/objects",
        GOTOOLCHAIN: `go${workshop.versions.go}`,
        // Modules are stored read-only otherwise, and the cache could not be removed.
        GOFLAGS: "-modcacherw",
        ...env,
      };
      const args = [
        ...["run", "--rm", "--init", "--name", name, "--workdir", "/module"],
        ...userArguments(),
        ...["--volume", `${module}:/module:ro`, "--volume", `${out}:/out`, "--volume", `${cache}:/compile`],
        ...((await exists(hostCertificates)) ? ["--volume", `${hostCertificates}:${hostCertificates}:ro`] : []),
        ...passedOn
          .filter((variable) => process.env[variable] !== undefined)
          .flatMap((variable) => ["--env", variable]),
        ...Object.entries(settings).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
        await image.load(),
        ...argv,
      ];
      try {
        return await run("docker", args, { signal: workshop.signal, ...(onLine ? { onLine } : {}) });
      } finally {
        // Ending the client does not end the container.
        if (workshop.signal.aborted) await attempt("docker", ["rm", "--force", name]);
      }
    },
  };
}

/** What is compiled belongs to whoever started this, not to root. */
function userArguments(): readonly string[] {
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  return user === undefined || group === undefined ? [] : ["--user", `${user}:${group}`];
}

/** Modules and object files: several GiB that serve only the builds after them, so they go when all is built. */
export const removeCompileCache = (workshop: Pick<Workshop, "cacheDir">): Promise<void> =>
  removeTree(compileCache(workshop));

const compileCache = ({ cacheDir }: Pick<Workshop, "cacheDir">): string => join(cacheDir, "go-cache");
