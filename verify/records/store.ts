import { Failure } from "@molly/site";
import { FolderStore } from "./folder-store.ts";
import { GitStore } from "./git-store.ts";
import type { RunRecord } from "./record.ts";

/** Where records are kept, whatever becomes of the machine that ran. */
export interface RecordStore {
  /** For a person: where it is. */
  readonly description: string;
  /** Resolves when the record is safe there. @throws Failure */
  add(record: RunRecord): Promise<void>;
  /** Every record of a site, the oldest first. @throws Failure, also when one can't be read: a gap must not look like calm */
  all(site: string): Promise<RunRecord[]>;
}

/**
 * Opens a store by how a person names it: `git:BRANCH` is a branch of the repository, `git:REMOTE:BRANCH` one that is fetched
 * and pushed, anything else a folder.
 * @param root the repository
 * @throws Failure when it names none
 */
export function openStore(name: string, root: string): RecordStore {
  if (!name.startsWith("git:")) return new FolderStore(name);
  const words = name.slice("git:".length).split(":");
  const [branch, remote] = words.length === 2 ? [words[1], words[0]] : [words[0], undefined];
  if (words.length > 2 || branch === undefined || !/^[\w][\w./-]*$/.test(branch) || remote === "")
    throw new Failure({
      what: `'${name}' names no store.`,
      remedy: "Write a folder, `git:BRANCH`, or `git:REMOTE:BRANCH`.",
      badInput: true,
    });
  return new GitStore({ root, branch, ...(remote === undefined ? {} : { remote }) });
}
