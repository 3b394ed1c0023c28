import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attempt } from "@molly/verify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "./paths.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "molly-diff-"))));
afterEach(() => rm(folder, { recursive: true }));

const diff = (...args: string[]) => attempt("node", [join(root, "cli/commands/diff.ts"), ...args], { cwd: folder });
const git = (...args: string[]) =>
  attempt("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args], {
    cwd: folder,
  });

async function repository(): Promise<void> {
  await git("init", "--quiet");
  await attempt("cp", ["-r", join(root, "dist"), folder]);
  await git("add", "--all");
  await git("commit", "--quiet", "--message=one");
}

describe("./molly diff", () => {
  test("of nothing says so, and gates nothing", async () => {
    await repository();
    const { exitCode, stdout } = await diff("--repository", folder, "--fail-on", "low");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("stays as it is") });
  });

  test("exits with 1 when the danger is the limit or worse, and writes where it is told to", async () => {
    await repository();
    await attempt(
      "sed",
      ["-i", "s/timeout client .*/timeout client 1h/", "dist/molly/hosts/kube0/etc/haproxy/haproxy.cfg"],
      { cwd: folder },
    );
    const page = join(folder, "diff.html");
    expect((await diff("--repository", folder, "--fail-on", "medium")).exitCode).toBe(0);
    const { exitCode, stdout } = await diff(
      "--repository",
      folder,
      "--fail-on",
      "low",
      "--format",
      "html",
      "--out",
      page,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(await readFile(page, "utf8")).toContain("haproxy reloads");
  });

  test.each([
    ["a commit that is not there", ["nobody"]],
    ["no repository", ["--repository", "/"]],
    ["a plan that is not there", ["--plan", "none.json"]],
    ["a level that is none", ["--fail-on", "none"]],
    ["a form that is none", ["--format", "pdf"]],
  ])("%s: exit code 2, and no stack trace", async (_, args) => {
    await repository();
    const { exitCode, stdout, stderr } = await diff("--repository", folder, ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
