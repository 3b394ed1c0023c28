import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { firstControlPlane } from "@molly/site";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeMachines, site } from "./fixtures/fake-machines.ts";
import { locked, siteLockVariable, takeSiteLock } from "./lock.ts";
import { lockFolder, releaseLock, takeLock } from "./on-node.ts";

let machines: FakeMachines;
beforeEach(async () => {
  machines = await FakeMachines.create();
  vi.stubEnv(siteLockVariable, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await machines.remove();
});

const { name } = firstControlPlane(site);
const place = (): string => join(machines.root(name), lockFolder);
const isTaken = (): boolean => existsSync(place());
/** As another process does that was started with what a lock hands on. */
const startedWith = async <T>(environment: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> => {
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
  try {
    return await work();
  } finally {
    vi.stubEnv(siteLockVariable, undefined);
  }
};

test("it is given back whatever became of the work, and hands nothing on in this process", async () => {
  const work = async (): Promise<never> => {
    expect([isTaken(), process.env[siteLockVariable]]).toEqual([true, undefined]);
    throw new Error("no");
  };
  await expect(locked(machines.target(), work)).rejects.toThrow("no");
  expect(isTaken()).toBe(false);
});

test("a program that works under it goes through, as often as it likes; the lock stays until its owner gives it back", async () => {
  const outer = await takeSiteLock(machines.target());
  for (const said of ["once", "twice"]) {
    const nested = startedWith(outer.environment, () => locked(machines.target(), async () => said));
    expect(await nested).toBe(said);
    expect(isTaken()).toBe(true);
  }
  await expect(locked(machines.target(), async () => undefined)).rejects.toThrow("Somebody else is at work");
  await outer.giveBack();
  expect(isTaken()).toBe(false);
});

test("a program that works under it hands on the same words", async () => {
  const outer = await takeSiteLock(machines.target());
  const nested = await startedWith(outer.environment, () => takeSiteLock(machines.target()));
  expect(nested.environment).toEqual(outer.environment);
});

test("a program that works under it is refused when it has become somebody else's meanwhile, whose it stays", async () => {
  const outer = await takeSiteLock(machines.target());
  await rm(place(), { recursive: true });
  await takeLock(machines.target(), name, "ann");
  const nested = startedWith(outer.environment, () => locked(machines.target(), async () => undefined));
  await expect(nested).rejects.toThrow(/Somebody else is at work[^]*seen: ann/);
  await outer.giveBack();
  expect(isTaken()).toBe(true);
  await releaseLock(machines.target(), name, "ann");
});

test("when its machine was made anew, a program that works under it takes it again, for its owner to give back", async () => {
  const outer = await takeSiteLock(machines.target());
  await rm(place(), { recursive: true });
  await startedWith(outer.environment, () => locked(machines.target(), async () => undefined));
  expect(isTaken()).toBe(true);
  await outer.giveBack();
  expect(isTaken()).toBe(false);
});
