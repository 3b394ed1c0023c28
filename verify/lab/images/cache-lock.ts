import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const pollMs = 500;

/**
 * Runs `work` while no other process works in the cache: the second of two replicas waits and then finds everything made.
 * A lock whose process is gone counts as none.
 * @param onWait told once, with the id of the process that holds the lock
 */
export async function withCacheLock<T>(
  cacheDir: string,
  { onWait, signal }: { readonly onWait: (holder: number) => void; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(cacheDir, { recursive: true });
  const lock = join(cacheDir, "lock");
  let told = false;
  while (!(await acquire(lock))) {
    const holder = Number(await readFile(lock, "utf8").catch(() => "0"));
    if (!alive(holder)) await rm(lock, { force: true });
    else {
      if (!told) onWait(holder);
      told = true;
      await pause(pollMs, undefined, { signal });
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** Linked into place with its content: a lock that is created first and written then could be read while it is empty. */
async function acquire(lock: string): Promise<boolean> {
  const own = `${lock}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

function alive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it lives and is someone else's
  }
}
