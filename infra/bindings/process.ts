import { execa } from "execa";

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Shown when the program is not there: where to get it. */
  readonly remedy: string;
}

/**
 * Runs one program to its end, at most ten minutes, and returns what it printed.
 *
 * @throws Error that says what was run, what it printed last, and the remedy when the program is missing.
 */
export async function run(program: string, args: readonly string[], { cwd, env, remedy }: RunOptions): Promise<string> {
  const result = await execa(program, args, { cwd, env: { ...env }, reject: false, timeout: 600_000, maxBuffer: 64 * 2 ** 20 });
  if (result.code === "ENOENT") throw new Error(`'${program}' is not on the PATH. ${remedy}`);
  if (result.failed)
    throw new Error(`'${[program, ...args].join(" ")}' in ${cwd} failed: ${result.stderr || result.shortMessage}`);
  return result.stdout;
}
