import { type Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { Failure } from "@molly/site";
import { attempt, run } from "../lab/process.ts";
import type { Side, Tree, TreeFile } from "./tree.ts";

/** Where the rendered sites are in a repository. */
const dist = "dist";

/** What is to be compared, as commits are named to git. */
export interface Range {
  readonly base: string;
  /** Undefined: the working tree. */
  readonly head?: string;
}

/**
 * `A` compares with the working tree, `A B` and `A..B` two commits, `A...B` what B did since it left A.
 * @throws Failure when a commit is not there.
 */
export async function rangeOf(repository: string, base = "HEAD", head?: string): Promise<Range> {
  const [, first = base, dots, second] = /^(.*?)(\.{2,3})(.*)$/.exec(base) ?? [];
  const to = head ?? (dots === undefined ? undefined : second || "HEAD");
  const from = first || "HEAD";
  if (dots !== "...") return { base: from, ...(to === undefined ? {} : { head: to }) };
  const [a, b] = await Promise.all([commitOf(repository, from), commitOf(repository, to ?? "HEAD")]);
  const { exitCode, stdout } = await attempt("git", ["merge-base", a, b], { cwd: repository });
  if (exitCode === 0) return { base: stdout.trim(), head: to ?? "HEAD" };
  throw new Failure({
    what: `${from} and ${to} have no commit in common.`,
    remedy: "A shallow clone knows too little: `git fetch --unshallow`, or name two commits.",
    badInput: true,
  });
}

/** Both sides of a comparison. @throws Failure when a commit is not there, or this is no repository. */
export const readSides = async (repository: string, { base, head }: Range): Promise<[Side, Side]> =>
  Promise.all([
    readCommit(repository, base),
    head === undefined ? readWorkingTree(repository) : readCommit(repository, head),
  ]);

async function commitOf(repository: string, name: string): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(
    "git",
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`],
    { cwd: repository },
  );
  if (exitCode === 0) return stdout.trim();
  throw new Failure({
    what: `${repository} has no commit '${name}'.`,
    seen: stderr,
    remedy: "Name a branch, a tag or a commit. In a shallow clone, `git fetch` it first.",
    badInput: true,
  });
}

/** One side. @throws Failure when the commit is not there */
export async function readCommit(repository: string, name: string): Promise<Side> {
  const commit = await commitOf(repository, name);
  const short = commit.slice(0, 12);
  const tree = await readBlobs(repository, commit);
  return { name: commit.startsWith(name) ? short : `${name} (${short})`, tree };
}

async function readBlobs(repository: string, commit: string): Promise<Tree> {
  const listing = await run("git", ["ls-tree", "-r", "-z", "--full-tree", commit, "--", dist], { cwd: repository });
  const entries = listing.split("\0").flatMap((line) => {
    const [, mode = "", type, id = "", path = ""] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
    return type === "blob" ? [{ id, path: path.slice(dist.length + 1), executable: mode === "100755" }] : [];
  });
  if (entries.length === 0) return new Map();
  const input = entries.map(({ id }) => `${id}\n`).join("");
  const printed = await run("git", ["cat-file", "--batch"], { cwd: repository, input, encoding: "latin1" });
  let at = 0;
  return new Map(
    entries.map(({ path, executable }) => {
      // A line `ID blob SIZE`, so many bytes, a newline.
      const end = printed.indexOf("\n", at);
      const size = Number(printed.slice(at, end).split(" ").at(-1));
      const text = Buffer.from(printed.slice(end + 1, end + 1 + size), "latin1").toString("utf8");
      at = end + 1 + size + 1;
      return [path, { text, executable }];
    }),
  );
}

/** What stands in the work tree, committed or not. */
export async function readWorkingTree(repository: string): Promise<Side> {
  const root = join(repository, dist);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string): Promise<[string, TreeFile]> => {
    const [text, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    return [relative(root, path).replaceAll("\\", "/"), { text, executable: (mode & 0o100) !== 0 }];
  };
  return { name: "the working tree", tree: new Map(await Promise.all(files.sort().map(read))) };
}
