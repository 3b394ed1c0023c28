import { type Output, type RunOptions, type Running, attempt, run, start } from "./process.ts";

/** The engine's command line: used for what streams (exec) or moves files, where it is simpler than the API. */
export const docker = (args: readonly string[], options?: RunOptions): Promise<string> => run("docker", args, options);

/** Runs a command in a container to its end, whatever its exit code. */
export const execute = (container: string, argv: readonly string[], options: RunOptions = {}): Promise<Output> =>
  attempt("docker", ["exec", ...(options.input === undefined ? [] : ["-i"]), container, ...argv], options);

/**
 * Starts a command in a container. Ending `docker exec` would leave the command running inside, so a shell beside it
 * waits for its input to close and then ends it: no process is left behind, however this one ends.
 */
export function executeUntilClosed(
  container: string,
  argv: readonly string[],
  onLine: (line: string) => void,
): Running {
  const guarded = 'exec 3<&0; "$@" & child=$!; (cat <&3 >/dev/null; kill "$child" 2>/dev/null) & wait "$child"';
  return start("docker", ["exec", "-i", container, "/bin/sh", "-c", guarded, "sh", ...argv], { onLine });
}
