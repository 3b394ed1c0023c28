import fc from "fast-check";
import { expect, test } from "vitest";
import { macAddress } from "./mac-address.ts";

test("is the address behind a locally administered prefix", () => {
  expect(macAddress("10.0.1.100")).toBe("02:00:0A:00:01:64");
});

test("differs for different addresses, and is unicast", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
      expect(macAddress(one)).toMatch(/^02(:[0-9A-F]{2}){5}$/);
      expect(macAddress(one) === macAddress(other)).toBe(one === other);
    }),
  );
});

test("refuses what is not an IPv4 address", () => {
  expect(() => macAddress("kube0")).toThrow("'kube0' is not an IPv4 address: the site was not validated.");
});
