import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { attempt } from "@molly/verify";
import { root } from "./paths.ts";

/** A check of the repository itself: passes, or says what is wrong. */
export interface Check {
  readonly title: string;
  readonly remedy: string;
  run(signal: AbortSignal): Promise<{ readonly passed: boolean; readonly output: string }>;
}

/** A check that is a command: passes when it exits 0. */
const commandCheck = (title: string, argv: readonly [string, ...string[]], remedy: string): Check => ({
  title,
  remedy,
  run: async (signal) => {
    const [command, ...args] = argv;
    const { exitCode, stdout, stderr } = await attempt(command, args, { cwd: root, signal });
    return { passed: exitCode === 0, output: `${stdout}${stderr}` };
  },
});

/** Hash of everything that projen says it generates. */
async function generatedFiles(): Promise<string> {
  const { files } = JSON.parse(await readFile(join(root, ".projen/files.json"), "utf8")) as { files: string[] };
  const hash = createHash("sha256");
  for (const name of files.sort()) hash.update(`${name}\0`).update(await readFile(join(root, name)).catch(() => ""));
  return hash.digest("hex");
}

const projenDrift: Check = {
  title: "what projen generates is as committed",
  remedy: "It was generated anew: commit what changed.",
  run: async (signal) => {
    const before = await generatedFiles();
    const { exitCode, stderr } = await attempt("node", [".projenrc.ts"], {
      cwd: root,
      signal,
      env: { PROJEN_DISABLE_POST: "1" },
    });
    return { passed: exitCode === 0 && (await generatedFiles()) === before, output: stderr };
  },
};

/** In the order of what is found fastest. */
export const checks: readonly Check[] = [
  commandCheck("types", ["tsc", "--noEmit", "-p", "."], "Correct the types."),
  commandCheck("formatting", ["prettier", "--check", "--log-level", "warn", "."], "Run `npx projen format`."),
  commandCheck("lint, and imports that flow one way", ["eslint", "."], "Correct what ESLint names."),
  projenDrift,
  commandCheck(
    "dist is what the sites render",
    ["node", "cli/commands/synth.ts", "--check"],
    "Run `./molly synth` and commit dist/.",
  ),
];
