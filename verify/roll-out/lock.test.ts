import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstControlPlane, validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attempt } from "../lab/process.ts";
import type { Target } from "../target.ts";
import { locked } from "./lock.ts";
import { lockFolder, releaseLock, takeLock } from "./on-node.ts";

let root = "";
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "molly-lock-"))));
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const site = validate(aurora);
/** The first control plane is a folder. */
const target = {
  site,
  run: (_node: string, [command = "", ...args]: readonly string[], options: { stdin?: string } = {}) =>
    attempt(command, args, { input: options.stdin ?? "", env: { MOLLY_ROOT: root } }),
} as unknown as Target;
const node = firstControlPlane(site).name;
const owner = (): Promise<string> => readFile(join(root, lockFolder, "owner"), "utf8");
/** As a program that was started with this environment. */
const within = async <T>(environment: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    return await work();
  } finally {
    vi.unstubAllEnvs();
  }
};

test("while one has it nobody else gets it, and afterwards everybody may", async () => {
  await locked(target, async () => {
    await expect(locked(target, async () => undefined)).rejects.toThrow(/Somebody else is at work[^]*process \d+/);
  });
  expect(await locked(target, async () => "done")).toBe("done");
});

test("a program that the owner starts works under the same lock, and leaves it to the owner", async () => {
  await locked(target, async (environment) => {
    const before = await owner();
    expect(await within(environment, () => locked(target, async () => "done"))).toBe("done");
    expect(await owner()).toBe(before);
    await expect(takeLock(target, node, "ben")).rejects.toThrow("Somebody else");
  });
  await expect(owner()).rejects.toThrow("ENOENT");
});

test("it hands the same on to what it starts itself", async () => {
  await locked(target, (environment) =>
    within(environment, () => locked(target, async (again) => expect(again).toEqual(environment))),
  );
});

test("whoever was told of a lock that is somebody else's by now is refused", async () => {
  const environment = await locked(target, async (one) => one);
  await takeLock(target, node, "ben");
  await expect(within(environment, () => locked(target, async () => undefined))).rejects.toThrow(/seen: ben/);
  await releaseLock(target, node, "ben");
});

test("a first control plane that was made anew in the middle is locked again in the owner's name, and given back", async () => {
  await locked(target, async (environment) => {
    await rm(join(root, lockFolder), { recursive: true });
    await within(environment, () => locked(target, async () => undefined));
    await expect(takeLock(target, node, "ben")).rejects.toThrow("Somebody else");
  });
  await expect(owner()).rejects.toThrow("ENOENT");
});

test("work that fails gives it back, and its own failure is told", async () => {
  await expect(locked(target, () => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
  await expect(owner()).rejects.toThrow("ENOENT");
});
