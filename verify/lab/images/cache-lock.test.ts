import { execPath } from "node:process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withCacheLock } from "./cache-lock.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { start } from "../process.ts";

const settings = { onWait: () => undefined, signal: new AbortController().signal };

test("the second waits for the first and is told who holds the lock", async () => {
  await using cache = await temporaryFolder();
  const order: string[] = [];
  const waited: number[] = [];
  let release = (): void => undefined;
  const first = withCacheLock(cache.path, settings, async () => {
    await new Promise<void>((resolve) => (release = resolve));
    order.push("first");
  });
  await expect.poll(() => readdir(cache.path)).toEqual(["lock"]);
  const onWait = (holder: number): void => void waited.push(holder);
  const second = withCacheLock(cache.path, { ...settings, onWait }, async () => void order.push("second"));
  await expect.poll(() => waited).toEqual([process.pid]);
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "second"]);
  expect(await readdir(cache.path)).toEqual([]);
});

test("a lock whose process is gone counts as none", async () => {
  await using cache = await temporaryFolder();
  const gone = start(execPath, ["--eval", ""]);
  await gone.ended;
  await writeFile(join(cache.path, "lock"), String(gone.pid));
  expect(await withCacheLock(cache.path, settings, () => Promise.resolve("done"))).toBe("done");
});

test("work that fails gives the lock back", async () => {
  await using cache = await temporaryFolder();
  await expect(withCacheLock(cache.path, settings, () => Promise.reject(new Error("broken")))).rejects.toThrow(
    "broken",
  );
  expect(await readdir(cache.path)).toEqual([]);
});

test("who waits can be interrupted", async () => {
  await using cache = await temporaryFolder();
  await writeFile(join(cache.path, "lock"), String(process.pid));
  const stop = new AbortController();
  const waiting = withCacheLock(cache.path, { onWait: () => stop.abort(), signal: stop.signal }, () =>
    Promise.resolve(),
  );
  await expect(waiting).rejects.toThrow("abort");
});
