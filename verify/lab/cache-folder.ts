import { homedir } from "node:os";
import { join } from "node:path";

/** Where what was built or pulled is kept, by content hash: it outlives the work tree. */
export const cacheFolder = ({ MOLLY_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv = process.env): string =>
  MOLLY_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "molly");
