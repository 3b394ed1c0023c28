import { Failure } from "@molly/site";
import type { CommandOptions, Target } from "../target.ts";

/** Runs a command on a node that must succeed. @throws Failure with what it printed. */
export async function command(
  target: Target,
  node: string,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  const { exitCode, stdout, stderr } = await target.run(node, argv, options);
  if (exitCode === 0) return stdout;
  throw new Failure({
    what: `On ${node}, \`${argv.join(" ").slice(0, 200)}\` ended with exit code ${exitCode}.`,
    seen: `${stdout}\n${stderr}`,
    remedy: `Look at the machine: \`${target.kind === "live" ? "ssh" : "./molly lab shell"} ${node}\`.`,
  });
}

/** Runs a shell script on a node that must succeed; `words` are its `$1`, `$2`, … @throws Failure */
export const script = (target: Target, node: string, text: string, ...words: readonly string[]): Promise<string> =>
  command(target, node, ["sh", "-euc", text, "sh", ...words], { timeoutMs: 60_000 });
