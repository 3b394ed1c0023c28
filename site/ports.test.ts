import { expect, test } from "vitest";
import { ephemeralPorts, inEphemeralRange, inRange, nodePorts, tcpPortsInUse } from "./ports.ts";

test("the ephemeral range is Linux's default, both ends included", () => {
  expect([32_767, 32_768, 60_443, 60_999, 61_000].map(inEphemeralRange)).toEqual([false, true, true, true, false]);
});

test("NodePort services end where the ephemeral range begins", () => {
  expect(nodePorts.last + 1).toBe(ephemeralPorts.first);
});

test("no port in use needs to be reserved", () => {
  for (const port of tcpPortsInUse.keys()) expect(inEphemeralRange(port) || inRange(nodePorts, port)).toBe(false);
});
