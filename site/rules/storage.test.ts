import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usableTiB } from "./storage.ts";

const capacities = fc.array(fc.double({ min: 0.1, max: 20, noNaN: true }), { minLength: 3, maxLength: 8 });

describe("usableTiB", () => {
  test.each([
    { what: "equal servers share evenly", capacities: [3, 3, 3, 3], copies: 3, usable: 4 },
    { what: "Molly's nine disks", capacities: [3.6, 3.6, 3.6, 1.8, 3.6], copies: 3, usable: 5.4 },
    { what: "a huge server is bounded by what the others match", capacities: [100, 1, 1], copies: 3, usable: 1 },
    { what: "two huge servers still wait for the third copy", capacities: [100, 100, 1, 1], copies: 3, usable: 2 },
  ])("$what", ({ capacities, copies, usable }) => {
    expect(usableTiB(capacities, copies)).toBeCloseTo(usable);
  });

  test("is the most that fits when a server holds at most one copy of each object", () => {
    fc.assert(
      fc.property(capacities, (capacities) => {
        const data = usableTiB(capacities, 3);
        const room = (data: number) => capacities.reduce((sum, capacity) => sum + Math.min(capacity, data), 0);
        return room(data) >= 3 * data * (1 - 1e-9) && room(data * 1.01) < 3 * data * 1.01;
      }),
    );
  });
});
