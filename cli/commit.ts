import { attempt } from "@molly/verify";

/** What is checked out: the commit, and whether files differ from it. */
export async function commitOf(folder: string): Promise<{ commit: string; dirty: boolean }> {
  const [head, status] = await Promise.all([
    attempt("git", ["rev-parse", "HEAD"], { cwd: folder }),
    attempt("git", ["status", "--porcelain"], { cwd: folder }),
  ]);
  return { commit: head.exitCode === 0 ? head.stdout.trim() : "unknown", dirty: status.stdout.trim() !== "" };
}
