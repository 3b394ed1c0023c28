import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("molly-vip/", import.meta.url);

/** Every way of Python's standard library to read a clock that people and NTP set, whatever it is imported as. */
const wallClock =
  /\btime\.time(_ns)?\b|CLOCK_REALTIME|CLOCK_TAI|datetime|localtime|gmtime|strftime|ctime\b|from time import/;

test("no decision of the agent can rest on the wall clock: one metric alone reads it", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".py"));
  const readers = files.flatMap((name) =>
    readFileSync(new URL(name, folder), "utf8")
      .split("\n")
      .filter((line) => wallClock.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(files).toContain("lease.py");
  expect(readers).toEqual([expect.stringMatching(/^report\.py: \("written_seconds", .*int\(time\.time\(\)\)\),$/)]);
});
