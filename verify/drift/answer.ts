import { Failure } from "@molly/site";
import { lastLine } from "../health/look.ts";
import type { CommandResult } from "../target.ts";

/** What was printed. @throws Failure in kubectl's words when it did not end well */
export function succeeded(what: string, { exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode === 0) return stdout;
  throw new Failure({
    what: `The cluster did not tell ${what}.`,
    seen: lastLine(stderr) || `kubectl ended with ${exitCode}`,
    remedy: "Is the API up (`./molly verify --target live`)? Does the account exist, and may it do that?",
  });
}
