import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { attempt, run } from "../lab/process.ts";
import { readAs } from "./folder-store.ts";
import { recordName, recordText, type RunRecord } from "./record.ts";
import type { RecordStore } from "./store.ts";

export interface GitStoreProps {
  /** The repository. */
  readonly root: string;
  readonly branch: string;
  /** Fetched before and pushed after each record. Default: the branch stays here. */
  readonly remote?: string;
}

/** A remote that answers at all does so within this time, in milliseconds. */
const timeoutMs = 120_000;

/** How often somebody else may have been faster. */
const tries = 5;

/** Somebody may run with no identity configured, as CI does. */
const identity = {
  GIT_AUTHOR_NAME: "Molly",
  GIT_AUTHOR_EMAIL: "molly@localhost",
  GIT_COMMITTER_NAME: "Molly",
  GIT_COMMITTER_EMAIL: "molly@localhost",
};

/**
 * A branch that holds nothing but records: a folder for each site, a commit for each run. It is written beside the work tree,
 * which is not touched, and moved only from where it was read: two runs that end together keep both records.
 */
export class GitStore implements RecordStore {
  readonly description: string;
  readonly #props: GitStoreProps;

  constructor(props: GitStoreProps) {
    this.#props = props;
    this.description = `branch ${props.branch}${props.remote === undefined ? "" : ` of ${props.remote}`}`;
  }

  async add(record: RunRecord): Promise<void> {
    const path = `${record.site}/${recordName(record)}`;
    const blob = (await this.#git(["hash-object", "-w", "--stdin"], { input: recordText(record) })).trim();
    let seen = "";
    for (let count = 0; count < tries; count++) {
      const parent = await this.#tip();
      const commit = await this.#commit(path, blob, parent, `Verification of ${record.site}: ${record.judgement}`);
      const moved = await this.#move(commit, parent);
      if (moved.exitCode === 0) return;
      seen = moved.stderr;
    }
    throw new Failure({
      what: `The record of this run could not be kept on ${this.description}.`,
      seen,
      remedy: "May this account push there? The record is in the run's own folder too.",
    });
  }

  async all(site: string): Promise<RunRecord[]> {
    const tip = await this.#tip();
    if (tip === undefined) return [];
    const listed = await this.#git(["ls-tree", "-r", "-z", "--name-only", tip, "--", `${site}/`]);
    const paths = listed
      .split("\0")
      .filter((path) => path.endsWith(".json"))
      .sort();
    const input = paths.map((path) => `${tip}:${path}\n`).join("");
    const texts = contentsIn(Buffer.from(await this.#git(["cat-file", "--batch"], { input })));
    return paths.map((path, index) => readAs(`${this.#props.branch}:${path}`, texts[index] ?? ""));
  }

  /** The commit that the branch is at; undefined when there is no such branch yet. */
  async #tip(): Promise<string | undefined> {
    const { root, branch, remote } = this.#props;
    if (remote !== undefined) {
      const there = await this.#git(["ls-remote", "--heads", remote, `refs/heads/${branch}`]);
      if (there.trim() === "") return undefined;
      await this.#git(["fetch", "--quiet", remote, `+refs/heads/${branch}:${this.#ref()}`]);
    }
    const { exitCode, stdout } = await attempt("git", ["rev-parse", "--verify", "--quiet", this.#ref()], { cwd: root });
    return exitCode === 0 ? stdout.trim() : undefined;
  }

  async #commit(path: string, blob: string, parent: string | undefined, message: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "molly-records-"));
    const env = { ...identity, GIT_INDEX_FILE: join(folder, "index") };
    try {
      if (parent !== undefined) await this.#git(["read-tree", parent], { env });
      await this.#git(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], { env });
      const tree = (await this.#git(["write-tree"], { env })).trim();
      const parents = parent === undefined ? [] : ["-p", parent];
      return (await this.#git(["commit-tree", tree, ...parents, "-m", message], { env })).trim();
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** Refused when the branch is no longer at `parent`. */
  #move(commit: string, parent: string | undefined) {
    const { root, branch, remote } = this.#props;
    const argv =
      remote === undefined
        ? ["update-ref", this.#ref(), commit, parent ?? "0".repeat(commit.length)]
        : ["push", "--quiet", remote, `${commit}:refs/heads/${branch}`];
    return attempt("git", argv, { cwd: root, timeoutMs });
  }

  #ref(): string {
    const { branch, remote } = this.#props;
    return remote === undefined ? `refs/heads/${branch}` : `refs/remotes/${remote}/${branch}`;
  }

  #git(argv: readonly string[], options: { input?: string; env?: Record<string, string> } = {}): Promise<string> {
    return run("git", argv, { cwd: this.#props.root, timeoutMs, ...options });
  }
}

/** What `git cat-file --batch` prints: for each object a line that ends in its size in bytes, the object, a line break. */
function contentsIn(output: Buffer): string[] {
  const contents: string[] = [];
  for (let place = 0; place < output.length;) {
    const end = output.indexOf("\n", place);
    const size = Number(output.subarray(place, end).toString().split(" ").at(-1));
    contents.push(output.subarray(end + 1, end + 1 + size).toString());
    place = end + 1 + size + 1;
  }
  return contents;
}
