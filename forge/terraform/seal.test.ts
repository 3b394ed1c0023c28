import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planKey, seal, type SealedPlan, unseal } from "./seal.ts";

const key = createHash("sha256").update("one").digest();
const plan: SealedPlan = {
  ...{ format: 1, site: "molly", stack: "ceph", commit: "a".repeat(40), inputs: "b".repeat(64), state: null },
  ...{ digests: { "a.b": "c" }, plan: Buffer.from("a plan with a secret in it").toString("base64"), lock: null },
};

describe("a sealed plan", () => {
  test("comes back as it was, and shows nothing meanwhile", () => {
    const sealed = seal(plan, key);
    expect(unseal(sealed, key, "it")).toEqual(plan);
    expect(sealed.toString("latin1")).not.toContain('molly"');
    expect(seal(plan, key).equals(sealed)).toBe(false);
  });

  test("is refused when any bit of it was changed, or it was cut short", () => {
    const sealed = seal(plan, key);
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const other = Buffer.from(sealed);
        other[at] = (other[at] ?? 0) ^ (1 << bit);
        expect(() => unseal(other, key, "it")).toThrow("it is not a plan that was made here");
        expect(() => unseal(sealed.subarray(0, at), key, "it")).toThrow("it is not a plan that was made here");
      }),
      { numRuns: 50 },
    );
  });

  test("is refused when another key sealed it", () => {
    const other = createHash("sha256").update("two").digest();
    expect(() => unseal(seal(plan, other), key, "it")).toThrow("sealed with another key");
  });
});

describe("the key", () => {
  test("is the environment's; where that is gone with the machine, it must be", async () => {
    const given = { MOLLY_PLAN_KEY: "0123456789".repeat(4) };
    expect(await planKey({ ...given, CI: "true" }, "/nowhere")).toEqual(await planKey(given, "/nowhere"));
    await expect(planKey({ CI: "true" }, "/nowhere")).rejects.toThrow("MOLLY_PLAN_KEY is not set");
    await expect(planKey({ MOLLY_PLAN_KEY: "short" }, "/nowhere")).rejects.toThrow("fewer than 32");
  });

  test("of one who plans and applies on one machine is made once, and nobody else may read it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "molly-key-"));
    const file = join(folder, "of/plans");
    expect(await planKey({}, file)).toEqual(await planKey({}, file));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, "utf8")).length).toBeGreaterThan(32);
    await rm(folder, { recursive: true });
  });
});
