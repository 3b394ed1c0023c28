import { execa } from "execa";
import { Failure } from "@molly/site";

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Shown when the program is not there: where to get it. */
  readonly remedy: string;
}

/**
 * Runs one program to its end, at most ten minutes, and returns what it printed.
 *
 * @throws Failure that says what was run, what it printed last, and the remedy when the program is missing.
 */
export async function run(program: string, args: readonly string[], { cwd, env, remedy }: RunOptions): Promise<string> {
  const result = await execa(program, args, {
    cwd,
    env: { ...env },
    reject: false,
    timeout: 600_000,
    maxBuffer: 64 * 2 ** 20,
  });
  if (!result.failed) return result.stdout;
  if (result.code === "ENOENT") throw new Failure({ what: `'${program}' is not on the PATH.`, remedy });
  throw new Failure({
    what: `'${[program, ...args].join(" ")}' in ${cwd} failed: ${(result.shortMessage ?? "").split("\n")[0]}`,
    seen: result.stderr.split("\n").slice(-12).join("\n"),
    remedy: "Run it there by hand to see more; a build needs the Go module proxy, `terraform init` the registry.",
  });
}
