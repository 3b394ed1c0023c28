import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "@molly/verify/cache-folder";

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What people review: committed, byte-stable. */
export const dist = join(root, "dist");

/** What runs leave behind: histories, reports. Not committed. */
export const runs = join(root, ".molly");

/** What was built or pulled, by content hash; outlives the work tree. */
export const cache = cacheFolder();
