import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../lab/process.ts";

/** A Git repository whose branch the stand-in of source-controller serves, commit by commit. */
export interface Repository {
  readonly folder: string;
  /** Commits whatever the folder holds, and serves it. Returns the revision as Flux writes it. */
  commit(message: string): Promise<string>;
}

export interface RepositoryProps {
  readonly folder: string;
  /** Of the GitRepository that refers to it. */
  readonly name: string;
  readonly branch: string;
  /** Folder that the stand-in serves. */
  readonly artifacts: string;
}

/** Makes a repository of a folder; nothing of it is served before the first commit. */
export async function createRepository({ folder, name, branch, artifacts }: RepositoryProps): Promise<Repository> {
  const git = (...args: readonly string[]): Promise<string> => run("git", args, { cwd: folder });
  await git("init", "--quiet", "--initial-branch", branch);
  const author = ["-c", "user.name=Molly's tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false"];
  return {
    folder,
    commit: async (message) => {
      await git("add", "--all", "--force");
      await git(...author, "commit", "--quiet", "--message", message);
      const commit = (await git("rev-parse", "HEAD")).trim();
      const file = `${name}-${commit}.tar.gz`;
      await git("archive", "--format=tar.gz", "--output", join(artifacts, file), "HEAD");
      const revision = `${branch}@sha1:${commit}`;
      await serve(artifacts, name, { revision, file });
      return revision;
    },
  };
}

/**
 * Serves a folder as a release of upstream's. What the tag's commit is called is not known here, so the revision names the
 * content instead.
 */
export async function serveRelease(artifacts: string, name: string, tag: string, folder: string): Promise<void> {
  const file = `${name}-${tag}.tar.gz`;
  await run("tar", ["--create", "--gzip", "--file", join(artifacts, file), "--directory", folder, "."]);
  const digest = createHash("sha256")
    .update(await readFile(join(artifacts, file)))
    .digest("hex");
  await serve(artifacts, name, { revision: `${tag}@sha256:${digest}`, file });
}

/** Moved into place whole: the stand-in may look at any moment. */
async function serve(artifacts: string, name: string, entry: { revision: string; file: string }): Promise<void> {
  const path = join(artifacts, `${name}.json`);
  await writeFile(`${path}.new`, JSON.stringify(entry));
  await rename(`${path}.new`, path);
}
