import { Failure } from "@molly/site";
import { FolderStore } from "./folder-store.ts";
import { GitStore } from "./git-store.ts";
import type { RunRecord } from "./record.ts";
import { S3Store, type S3StoreProps } from "./s3-store.ts";

/** Where records are kept, whatever becomes of the machine that ran. */
export interface RecordStore {
  /** For a person: where it is. */
  readonly description: string;
  /** Resolves when the record is safe there. @throws Failure */
  add(record: RunRecord): Promise<void>;
  /** Every record of a site, the oldest first. @throws Failure, also when one can't be read: a gap must not look like calm */
  all(site: string): Promise<RunRecord[]>;
}

/** A branch, or a bucket with a prefix: no character that Git or a URL would take for more than a letter. */
const words = /^[\w][\w./-]*$/;

/**
 * Opens a store by how a person names it: `git:BRANCH` is a branch of the repository, `git:REMOTE:BRANCH` one that is fetched
 * and pushed, `s3://BUCKET` or `s3://BUCKET/PREFIX` a bucket, anything else a folder.
 * @param root the repository
 * @param environment where a bucket's credentials are
 * @throws Failure when it names none
 */
export function openStore(name: string, root: string, environment: S3StoreProps["environment"]): RecordStore {
  if (name.startsWith("s3:")) return bucket(name, environment);
  return name.startsWith("git:") ? branch(name, root) : new FolderStore(name);
}

function branch(name: string, root: string): RecordStore {
  const parts = name.slice("git:".length).split(":");
  const [at, remote] = parts.length === 2 ? [parts[1], parts[0]] : [parts[0], undefined];
  if (parts.length > 2 || at === undefined || !words.test(at) || remote === "") throw noStore(name);
  return new GitStore({ root, branch: at, ...(remote === undefined ? {} : { remote }) });
}

function bucket(name: string, environment: S3StoreProps["environment"]): RecordStore {
  const path = name.startsWith("s3://") ? name.slice("s3://".length).replace(/\/+$/, "") : "";
  if (!words.test(path) || path.split("/").some((part) => /^\.*$/.test(part))) throw noStore(name);
  const [at = "", ...prefix] = path.split("/");
  return new S3Store({ bucket: at, prefix: prefix.join("/"), environment });
}

const noStore = (name: string): Failure =>
  new Failure({
    what: `'${name}' names no store.`,
    remedy: "Write a folder, `git:BRANCH`, `git:REMOTE:BRANCH`, or `s3://BUCKET/PREFIX`.",
    badInput: true,
  });
