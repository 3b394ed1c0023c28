import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../lab/process.ts";
import { bad, record } from "./fixtures/records.ts";
import { openStore, type RecordStore } from "./store.ts";

let folder = "";
let root = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-store-test-"));
  root = join(folder, "repository");
  await mkdir(root);
  await run("git", ["init", "--quiet", "--initial-branch=main", root]);
  await run("git", ["init", "--quiet", "--bare", join(folder, "origin.git")]);
  await run("git", ["remote", "add", "origin", join(folder, "origin.git")], { cwd: root });
  await writeFile(join(root, "work"), "in progress");
});
afterEach(() => rm(folder, { recursive: true }));

const stores: readonly (readonly [string, () => RecordStore])[] = [
  ["a folder", () => openStore(join(folder, "records"), root)],
  ["a branch", () => openStore("git:verification", root)],
  ["a branch of a remote", () => openStore("git:origin:verification", root)],
];

describe.each(stores)("%s", (_what, open) => {
  test("is empty at first", async () => {
    expect(await open().all("molly")).toEqual([]);
  });

  test("gives back what it was given, the oldest first, each site's own", async () => {
    const store = open();
    for (const one of [record(2), bad(0), record(1), record(0, { site: "aurora" })]) await store.add(one);
    expect(await open().all("molly")).toEqual([bad(0), record(1), record(2)]);
    expect(await open().all("aurora")).toEqual([record(0, { site: "aurora" })]);
  });

  test("keeps what several add at the same time", { timeout: 120_000 }, async () => {
    await Promise.all([0, 1, 2].map((n) => open().add(record(n))));
    expect(await open().all("molly")).toEqual([record(0), record(1), record(2)]);
  });

  test("leaves the work tree and its index alone", async () => {
    await open().add(record(0));
    expect((await run("git", ["status", "--porcelain"], { cwd: root })).trim()).toBe("?? work");
    expect((await readdir(root)).sort()).toEqual([".git", "work"]);
  });
});

test("a remote that refuses is told", async () => {
  await rm(join(folder, "origin.git"), { recursive: true });
  await expect(openStore("git:origin:verification", root).add(record(0))).rejects.toThrow("failed: exit code 128");
});

test("a file that is no record is told by its name: a gap must not look like calm", async () => {
  const store = openStore(join(folder, "records"), root);
  await store.add(record(0));
  await writeFile(join(folder, "records", "molly", "2026.json"), '{"format": 2}');
  await expect(store.all("molly")).rejects.toThrow("2026.json is no record of a run.");
});

test.each(["git:", "git::x", "git:a:b:c", "git:-x"])("'%s' names no store", (name) => {
  expect(() => openStore(name, root)).toThrow("names no store");
});
