import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../lab/process.ts";
import { bad, record } from "./fixtures/records.ts";
import { type S3Service, s3Service } from "./fixtures/s3-service.ts";
import { openStore as openStoreWith, type RecordStore } from "./store.ts";

let folder = "";
let root = "";
let s3: S3Service;
const openStore = (name: string, at: string): RecordStore => openStoreWith(name, at, s3.environment);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-store-test-"));
  root = join(folder, "repository");
  await mkdir(root);
  await run("git", ["init", "--quiet", "--initial-branch=main", root]);
  await run("git", ["init", "--quiet", "--bare", join(folder, "origin.git")]);
  await run("git", ["remote", "add", "origin", join(folder, "origin.git")], { cwd: root });
  await writeFile(join(root, "work"), "in progress");
  s3 = await s3Service("verification");
});
afterEach(async () => {
  await s3.close();
  await rm(folder, { recursive: true });
});

const stores: readonly (readonly [string, () => RecordStore])[] = [
  ["a folder", () => openStore(join(folder, "records"), root)],
  ["a branch", () => openStore("git:verification", root)],
  ["a branch of a remote", () => openStore("git:origin:verification", root)],
  ["a bucket", () => openStore("s3://verification", root)],
  ["a folder of a bucket", () => openStore("s3://verification/of/all-sites", root)],
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

describe("a bucket", () => {
  test("that does not take this account is told in the service's words", async () => {
    const stranger = { ...s3.environment, AWS_ACCESS_KEY_ID: "stranger" };
    await expect(openStoreWith("s3://verification", root, stranger).add(record(0))).rejects.toThrow(
      "403 InvalidAccessKeyId The key stranger is nobody's & never was.",
    );
  });

  test("that does not answer is told", async () => {
    await s3.close();
    await expect(openStore("s3://verification", root).all("molly")).rejects.toThrow("s3://verification can't be read.");
  });

  test("needs to know who asks", async () => {
    await expect(openStoreWith("s3://verification", root, {}).all("molly")).rejects.toThrow(
      "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY not set",
    );
  });

  test("with an object that is no record is told by its name", async () => {
    s3.objects.set("verification/molly/2026.json", "{}");
    await expect(openStore("s3://verification", root).all("molly")).rejects.toThrow(
      "s3://verification/molly/2026.json is no record of a run.",
    );
  });
});

test.each(["git:", "git::x", "git:a:b:c", "git:-x", "s3:", "s3:x", "s3://", "s3://a/../b", "s3://a/b c"])(
  "'%s' names no store",
  (name) => {
    expect(() => openStore(name, root)).toThrow("names no store");
  },
);
