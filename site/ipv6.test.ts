import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNetwork6, overlap6, parseNetwork6 } from "./ipv6.ts";

const network = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 0, max: 128 }))
  .map(([address, prefix]) => {
    const size = 1n << BigInt(128 - prefix);
    const base = address - (address % size);
    return { base, prefix, last: base + size - 1n };
  });

test("networks are read as they are written", () => {
  fc.assert(fc.property(network, (one) => isDeepStrictEqual(parseNetwork6(formatNetwork6(one)), one)));
});

test.each([
  ["fd00:10:244::/56", "fd00:10:244::/56"],
  ["FD00:0010:0244:0000::7/56", "fd00:10:244::/56"],
  ["2001:db8:0:0:1::/80", "2001:db8:0:0:1::/80"],
  ["::/0", "::/0"],
])("%s is %s", (text, canonical) => {
  const parsed = parseNetwork6(text);
  expect(parsed && formatNetwork6(parsed)).toBe(canonical);
});

test.each(["10.244.0.0/16", "fd00::", "fd00::/129", "fd00::/6/4", "fe80::1%eth0/64", "fd00:::/64", ""])(
  "%s is no IPv6 network",
  (text) => expect(parseNetwork6(text)).toBeUndefined(),
);

test("two overlap when one holds the other, and only then", () => {
  const of = (text: string) => parseNetwork6(text) ?? expect.fail(text);
  expect(overlap6(of("fd00::/8"), of("fd00:1::/64"))).toBe(true);
  expect(overlap6(of("fd00:1::/64"), of("fd00:1:0:1::/64"))).toBe(false);
});
