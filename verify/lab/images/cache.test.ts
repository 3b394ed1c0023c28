import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  entryPath,
  exists,
  removePartialEntries,
  removeUnusedEntries,
  storeEntry,
  touchEntry,
  withScratch,
} from "./cache.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

test("an entry appears when it is whole, not before", async () => {
  await using cache = await temporaryFolder();
  const path = entryPath(cache.path, "thing", "0123456789abcdef0123", ".tar");
  await storeEntry(path, async (target) => {
    await writeFile(target, "whole");
    expect(await exists(path)).toBe(false);
  });
  expect(await readFile(path, "utf8")).toBe("whole");
  expect(await readdir(cache.path)).toEqual(["thing-0123456789abcdef.tar"]);
});

test("a failure while an entry is made leaves nothing, be it a file or a folder", async () => {
  await using cache = await temporaryFolder();
  const fail = async (target: string): Promise<void> => {
    await mkdir(target);
    await writeFile(join(target, "half"), "");
    throw new Error("no disk left");
  };
  await expect(storeEntry(join(cache.path, "thing"), fail)).rejects.toThrow("no disk left");
  await expect(withScratch(cache.path, (folder) => fail(join(folder, "sub")))).rejects.toThrow("no disk left");
  expect(await readdir(cache.path)).toEqual([]);
});

test("entries that no run used for long are removed; used ones and what is no entry stay", async () => {
  await using cache = await temporaryFolder();
  const entry = (name: string): string => entryPath(cache.path, name, "0".repeat(64), ".tar");
  for (const path of [entry("old"), entry("used"), join(cache.path, "dockerd.pid")]) {
    await writeFile(path, "");
    await utimes(path, 0, 0);
  }
  await touchEntry(entry("used"));
  await removeUnusedEntries(cache.path, 30);
  expect(await readdir(cache.path)).toEqual(["dockerd.pid", `used-${"0".repeat(16)}.tar`]);
});

test("what a crash left is removed, entries stay", async () => {
  await using cache = await temporaryFolder();
  await writeFile(join(cache.path, "thing-00.tar"), "");
  // A crash: `make` that never ends can't clean up.
  void storeEntry(join(cache.path, "other-11"), async (target) => {
    await mkdir(target);
    await new Promise(() => undefined);
  });
  await expect.poll(() => readdir(cache.path)).toHaveLength(2);
  await removePartialEntries(cache.path);
  expect(await readdir(cache.path)).toEqual(["thing-00.tar"]);
});
