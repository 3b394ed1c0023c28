import { randomBytes } from "node:crypto";
import { access, mkdir, readdir, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../process.ts";

const partial = ".partial-";

/** Path of an entry: the readable name and enough of the hash to never meet another. */
export const entryPath = (cacheDir: string, name: string, hash: string, extension: string): string =>
  join(cacheDir, `${name}-${hash.slice(0, 16)}${extension}`);

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Has `make` write a file or a folder beside its final place and moves it there when it is whole, so that no crash
 * leaves half an entry.
 */
export async function storeEntry(path: string, make: (target: string) => Promise<void>): Promise<void> {
  const target = `${path}${partial}${randomBytes(4).toString("hex")}`;
  try {
    await make(target);
    await rename(target, path);
  } finally {
    await removeTree(target);
  }
}

/** A folder that is gone when `use` has ended. */
export async function withScratch<T>(cacheDir: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(cacheDir, `scratch${partial}${randomBytes(4).toString("hex")}`);
  await mkdir(folder, { recursive: true });
  try {
    return await use(folder);
  } finally {
    await removeTree(folder);
  }
}

/** Removes what an interrupted run left. Only while the lock is held: another run may be writing. */
export async function removePartialEntries(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) if (name.includes(partial)) await removeTree(join(cacheDir, name));
}

/** Notes that an entry was used. */
export const touchEntry = (path: string): Promise<void> => utimes(path, new Date(), new Date());

/** Removes entries that no run has used for so long: those of versions that no site asks for any more. */
export async function removeUnusedEntries(cacheDir: string, maxAgeDays: number): Promise<void> {
  const oldest = Date.now() - maxAgeDays * 24 * 3_600_000;
  for (const name of await readdir(cacheDir)) {
    const path = join(cacheDir, name);
    if (entryName.test(name) && (await stat(path)).mtimeMs < oldest) await removeTree(path);
  }
}

/** What `entryPath` makes; other things in the folder are not touched. */
const entryName = /-[0-9a-f]{16}(\.\w+)?$/;

/** Node's `rm` would follow a mount that an interrupted debootstrap left; this stays on the file system. */
export const removeTree = async (path: string): Promise<void> =>
  void (await run("rm", ["-rf", "--one-file-system", path]));
