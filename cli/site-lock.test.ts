import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { underSiteLock } from "./site-lock.ts";

let folder = "";
const site = validate(aurora);
const owner = (): Promise<string> => readFile(join(folder, "root/var/lib/molly/roll-out.lock/owner"), "utf8");
const ssh = async (script: string): Promise<void> => {
  await writeFile(join(folder, "ssh"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "ssh"), 0o755);
};
/** A machine that is a folder: what ssh is asked to do there is done here, where the script's root is that folder. */
const reached = `for last; do :; done\nMOLLY_ROOT=${"$"}(dirname "$0")/root exec sh -c "$last"`;
const hasCluster = async (): Promise<boolean> => true;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-site-lock-"));
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  await ssh(reached);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test("the work has the site's lock over SSH, and what it starts is told whose it is", async () => {
  const told = await underSiteLock({ site, hasCluster }, async (environment) => {
    expect(Object.values(environment)).toEqual([await owner()]);
    return "applied";
  });
  expect(told).toBe("applied");
  await expect(owner()).rejects.toThrow("ENOENT");
});

test("while somebody else has it, nothing is done, and who that is is told", async () => {
  const work = vi.fn(async () => undefined);
  await underSiteLock({ site, hasCluster }, async () => {
    await expect(underSiteLock({ site, hasCluster }, work)).rejects.toThrow(/Somebody else is at work[^]*process \d+/);
  });
  expect(work).not.toHaveBeenCalled();
});

test("work that fails gives it back", async () => {
  const work = () => Promise.reject(new Error("Terraform failed"));
  await expect(underSiteLock({ site, hasCluster }, work)).rejects.toThrow("Terraform failed");
  await expect(owner()).rejects.toThrow("ENOENT");
});

test("with the first control plane out of reach nothing is done, unless somebody says that nobody is at work", async () => {
  await ssh("echo 'No route to host' >&2; exit 255");
  const work = vi.fn(async () => "applied");
  await expect(underSiteLock({ site, hasCluster }, work)).rejects.toThrow(
    /can't be asked[^]*No route to host[^]*--without-lock/,
  );
  expect(work).not.toHaveBeenCalled();
  expect(await underSiteLock({ site, hasCluster, withoutLock: true }, work)).toBe("applied");
});

test("before a machine has entered the cluster there is nothing to lock, and no machine is asked", async () => {
  await ssh("exit 255");
  expect(await underSiteLock({ site, hasCluster: async () => false }, async (environment) => environment)).toEqual({});
  expect(vi.mocked(console.error).mock.calls.join()).toContain("nothing to lock");
});
