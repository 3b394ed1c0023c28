import { readFileSync } from "node:fs";
import { Failure } from "@molly/site";
import type { CommandResult, Target } from "../target.ts";
import { bundle, type Change, manifest, type NodeFile, parseSeen, type Seen } from "./files.ts";

const source = readFileSync(new URL("./on-node.sh", import.meta.url), "utf8");

/** Where staged files are on a machine. */
export const stagedFolder = "/var/lib/molly/roll-out/staged";
/** Where a machine keeps what was there before. */
export const previousFolder = "/var/lib/molly/roll-out/previous";
/** The one lock of a site, on its first control plane. */
export const lockFolder = "/var/lib/molly/roll-out.lock";

type Verb = "look" | "stage" | "replace" | "restore" | "commit" | "forget" | "lock" | "unlock";

/** A few files are copied and hashed: longer, in milliseconds, and the machine is not well. */
const timeoutMs = 60_000;

async function attemptVerb(target: Target, node: string, verb: Verb, stdin = "", ...words: readonly string[]) {
  return target.run(node, ["sh", "-euc", source, "molly-roll-out", verb, ...words], { stdin, timeoutMs });
}

async function doVerb(target: Target, node: string, verb: Verb, stdin = "", ...words: readonly string[]) {
  return succeeded(node, `'${verb}' of the roll-out`, await attemptVerb(target, node, verb, stdin, ...words));
}

/** The standard output of a command that must have succeeded. @throws Failure with the end of what it printed. */
export function succeeded(node: string, what: string, { exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode === 0) return stdout;
  throw new Failure({
    what: `On ${node}, ${what} ${exitCode === -1 ? "did not come to its end" : `failed with exit code ${exitCode}`}.`,
    seen: `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n"),
    remedy: "Look at the machine; when it is well, roll out again.",
  });
}

/** @param texts paths whose text is wanted, too */
export const lookAt = async (
  target: Target,
  node: string,
  files: readonly NodeFile[],
  texts: readonly string[] = [],
): Promise<Seen> =>
  parseSeen(await doVerb(target, node, "look", files.map(({ path }) => `${path}\n`).join(""), ...texts));

/** Puts files beside those in force, which stay untouched. */
export const stage = (target: Target, node: string, files: readonly NodeFile[]): Promise<string> =>
  doVerb(target, node, "stage", bundle(files));

/** Moves what was staged to its place, and keeps what was there. */
export const replace = (target: Target, node: string, changes: readonly Change[]): Promise<string> =>
  doVerb(
    target,
    node,
    "replace",
    changes.map(({ path, kind }) => `${kind === "gone" ? "remove" : "put"} ${path}\n`).join(""),
  );

/** Puts back what was there before the first file was replaced. Harmless to repeat, and when nothing was. */
export const restore = (target: Target, node: string): Promise<string> => doVerb(target, node, "restore");

/** What was laid down is good: it is noted, and what it took to come back is no longer needed. */
export const commit = (target: Target, node: string, files: readonly NodeFile[]): Promise<string> =>
  doVerb(target, node, "commit", manifest(files));

/** What was restored is good. */
export const forget = (target: Target, node: string): Promise<string> => doVerb(target, node, "forget");

/** Installing packages may take minutes. On the machine the script is ended before this side gives up on it. */
const installSeconds = 600;

/** Runs the machine's own molly-install: it loads, reloads and restarts what changed, and nothing else. */
export async function install(target: Target, node: string): Promise<void> {
  const argv = ["timeout", "--kill-after=10", String(installSeconds), "molly-install"];
  succeeded(node, "molly-install", await target.run(node, argv, { timeoutMs: (installSeconds + 20) * 1000 }));
}

/** Harmless to repeat. @throws Failure when the lock is another owner's. */
export async function takeLock(target: Target, node: string, owner: string): Promise<void> {
  const result = await attemptVerb(target, node, "lock", owner);
  if (result.exitCode !== 75) return void succeeded(node, "taking the lock", result);
  throw new Failure({
    what: "Somebody else is at work on this site: an apply, a roll-out, or a verification under faults.",
    seen: result.stdout,
    remedy: `Wait for it. If it was killed, look at what it left, then \`rm -r ${lockFolder}\` on ${node}.`,
  });
}

/** Gives a lock back; somebody else's stays. */
export const releaseLock = (target: Target, node: string, owner: string): Promise<string> =>
  doVerb(target, node, "unlock", owner);
