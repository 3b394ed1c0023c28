import { expect, test } from "vitest";
import { parseNeighbour } from "./neighbours.ts";

test.each([
  ["10.0.1.99 lladdr 02:42:0a:00:01:64 REACHABLE \n", "02:42:0a:00:01:64"],
  ["10.0.1.99 lladdr 02:42:0a:00:01:65 ref 1 used 0/0/0 probes 1 STALE \n", "02:42:0a:00:01:65"],
])("%j names a holder, fresh or stale", (text, mac) => {
  expect(parseNeighbour(text)).toEqual({ mac });
});

test.each(["", "10.0.1.99 FAILED \n", "10.0.1.99 INCOMPLETE \n"])("%j names nobody", (text) => {
  expect(parseNeighbour(text)).toEqual({});
});
