import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../lab/process.ts";
import { rangeOf, readSides } from "./read-tree.ts";

let folder = "";
const git = (...args: string[]): Promise<string> =>
  run("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args], {
    cwd: folder,
  });

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

const awkward = "dist/a/name with space ü.txt";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-tree-"));
  await git("init", "--quiet", "--initial-branch=main");
  await put("elsewhere.txt", "not rendered");
  await put(awkward, "ünïcödé\n");
  await put("dist/a/bytes", Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x62]));
  await put("dist/a/script", "#!/bin/sh\n");
  await put("dist/a/empty", "");
  await chmod(join(folder, "dist/a/script"), 0o755);
  await git("add", "--all");
  await git("commit", "--quiet", "--message=one");
  await git("branch", "left");
  await put("dist/a/empty", "two\n");
  await git("commit", "--quiet", "--all", "--message=two");
  await git("checkout", "--quiet", "left");
  await put("dist/a/left", "left\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=three");
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (...names: string[]) => readSides(folder, await rangeOf(folder, ...names));

describe("a tree", () => {
  test("is the same from a commit as from the files that it was made of", async () => {
    const [commit, working] = await read("HEAD");
    expect(new Map(commit.tree)).toEqual(new Map(working.tree));
    expect([...commit.tree.keys()].sort()).toEqual([
      "a/bytes",
      "a/empty",
      "a/left",
      "a/name with space ü.txt",
      "a/script",
    ]);
  });

  test("keeps every text and whether it may be run, also behind bytes that are no text", async () => {
    const [{ tree }] = await read("main");
    expect(tree.get("a/empty")).toEqual({ text: "two\n", executable: false });
    expect(tree.get("a/name with space ü.txt")?.text).toBe("ünïcödé\n");
    expect(tree.get("a/script")).toEqual({ text: "#!/bin/sh\n", executable: true });
  });
});

describe("a range", () => {
  test.each([
    [["main"], "main", "the working tree"],
    [["main", "left"], "main", "left"],
    [["main..left"], "main", "left"],
    [["main.."], "main", "HEAD"],
  ])("%j", async (names, from, to) => {
    const [before, after] = await read(...(names as [string]));
    expect(before.name).toMatch(new RegExp(`^${from}`));
    expect(after.name).toMatch(new RegExp(`^${to}`));
  });

  test("A...B tells what B did since it left A, and nothing of what A did", async () => {
    const [before, after] = await read("main...left");
    expect([before.tree.get("a/empty")?.text, after.tree.get("a/empty")?.text]).toEqual(["", ""]);
    expect([before.tree.has("a/left"), after.tree.has("a/left")]).toEqual([false, true]);
  });

  test.each(["nobody", "--output=/tmp/x", ""])("a commit that is not there is refused: %j", async (name) => {
    await expect(read(name === "" ? "x..y" : name)).rejects.toThrow(Failure);
  });
});
