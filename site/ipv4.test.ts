import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, formatAddress, formatNetwork, isHostAddress, overlap, parseAddress, parseNetwork } from "./ipv4.ts";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const cidr = fc
  .tuple(address, fc.integer({ min: 0, max: 32 }))
  .map(([base, prefix]) => `${formatAddress(base)}/${prefix}`);

const network = (text: string) => {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new Error(`${text} was refused.`);
  return parsed;
};

describe("addresses", () => {
  test("are read and written alike", () => {
    fc.assert(fc.property(address, (number) => parseAddress(formatAddress(number)) === number));
    expect(parseAddress("10.0.1.99")).toBe(0x0a_00_01_63);
  });

  test.each(["", "10.0.1", "10.0.1.256", "10.0.1.01", "10.0.1.1 ", "::1", "0x0a.0.0.1", "kube0"])(
    "refuse '%s'",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe("networks", () => {
  test("drop the bits of a host and hold exactly the addresses that share their prefix", () => {
    expect(formatNetwork(network("10.0.1.77/24"))).toBe("10.0.1.0/24");
    fc.assert(
      fc.property(cidr, address, (text, other) => {
        const { base, prefix } = network(text);
        const size = 2 ** (32 - prefix);
        return contains(network(text), other) === (Math.floor(other / size) === Math.floor(base / size));
      }),
    );
  });

  test("give hosts all addresses but the first and the last", () => {
    const { base, broadcast } = network("172.20.8.0/22");
    expect(formatAddress(broadcast)).toBe("172.20.11.255");
    expect(
      [base, base + 1, broadcast - 1, broadcast].map((host) => isHostAddress(network("172.20.8.0/22"), host)),
    ).toEqual([false, true, true, false]);
  });

  test("overlap when one holds the other's first address, in both directions", () => {
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        const [one, other] = [network(a), network(b)];
        const expected = contains(one, other.base) || contains(other, one.base);
        return overlap(one, other) === expected && overlap(other, one) === expected;
      }),
    );
  });

  test("overlap with themselves, even of a single address", () => {
    for (const text of ["10.0.1.7/32", "10.0.1.0/24", "0.0.0.0/0"])
      expect(overlap(network(text), network(text))).toBe(true);
  });

  test.each(["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0/8", "/8"])(
    "refuse '%s'",
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );
});
