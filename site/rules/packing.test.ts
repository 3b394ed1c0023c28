import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bin, canPack, type Load } from "./packing.ts";

const size = { cores: fc.integer({ min: 1, max: 4 }), memoryGiB: fc.integer({ min: 1, max: 8 }) };
const loads = fc.array(fc.record({ ...size, exclusive: fc.boolean() }), { maxLength: 4 });
const bins = fc.array(fc.record({ ...size, taken: fc.boolean() }), { maxLength: 3 });

/** Tries every assignment, without any cleverness. */
function packsByBruteForce(loads: readonly Load[], bins: readonly Bin[]): boolean {
  const [load, ...rest] = loads;
  if (load === undefined) return true;
  return bins.some((bin, index) => {
    if (load.cores > bin.cores || load.memoryGiB > bin.memoryGiB || (load.exclusive && bin.taken)) return false;
    const left = {
      cores: bin.cores - load.cores,
      memoryGiB: bin.memoryGiB - load.memoryGiB,
      taken: bin.taken || load.exclusive,
    };
    return packsByBruteForce(rest, bins.with(index, left));
  });
}

describe("canPack", () => {
  test("agrees with trying everything", () => {
    fc.assert(fc.property(loads, bins, (loads, bins) => canPack(loads, bins) === packsByBruteForce(loads, bins)));
  });

  test("finds the one packing that first-fit misses", () => {
    const load = (memoryGiB: number): Load => ({ cores: 1, memoryGiB, exclusive: false });
    const bin = (memoryGiB: number): Bin => ({ cores: 9, memoryGiB, taken: false });
    expect(canPack([4, 4, 3, 3, 2, 2].map(load), [bin(9), bin(9)])).toBe(true);
    expect(canPack([4, 4, 3, 3, 3, 2].map(load), [bin(9), bin(9)])).toBe(false);
  });

  test("keeps exclusive loads apart", () => {
    const load: Load = { cores: 1, memoryGiB: 1, exclusive: true };
    const bin: Bin = { cores: 9, memoryGiB: 9, taken: false };
    expect(canPack([load], [{ ...bin, taken: true }])).toBe(false);
    expect(canPack([load, load], [bin])).toBe(false);
    expect(canPack([load, load], [bin, bin])).toBe(true);
  });

  test("gives up on a hopeless case without trying it in every order", () => {
    const bins = Array.from({ length: 9 }, (_, index): Bin => ({
      cores: 64,
      memoryGiB: 10 + index / 8,
      taken: false,
    }));
    const loads = Array.from({ length: 10 }, (): Load => ({ cores: 1, memoryGiB: 9, exclusive: false }));
    expect(canPack(loads, bins)).toBe(false);
  });
});
