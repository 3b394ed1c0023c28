import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** SHA-256 over the parts, each kept apart from its neighbours: `["ab", "c"]` and `["a", "bc"]` differ. */
export const contentHash = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** SHA-256 over the paths and contents of all files below a folder; times, owners and modes do not count. */
export async function folderHash(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const parts = await Promise.all(
    files.sort().map(async (path) => [relative(folder, path), await readFile(path, "base64")]),
  );
  return contentHash(...parts.flat());
}
