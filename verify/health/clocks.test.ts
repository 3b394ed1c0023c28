import { afterEach, expect, test, vi } from "vitest";
import { clocks } from "./clocks.ts";
import { site } from "./fixtures/healthy.ts";
import type { Look } from "./look.ts";

afterEach(() => void vi.restoreAllMocks());

/** How often a single machine is asked, when its answers take so long, in milliseconds; the last goes for all that follow. */
async function questions(...took: readonly number[]): Promise<number> {
  let at = 0;
  let asked = 0;
  vi.spyOn(performance, "now").mockImplementation(() => at);
  const run = async () => {
    at += took[Math.min(asked++, took.length - 1)]!;
    return { exitCode: 0, stdout: `${(performance.timeOrigin + at) / 1000}\n`, stderr: "" };
  };
  const alone = { ...site, machines: site.machines.slice(0, 1) };
  await clocks.probe({ site: alone, target: { run } } as unknown as Look);
  return asked;
}

test("a clock is read again while nothing tells it exactly enough", async () => {
  expect(await questions(40)).toBe(3);
  expect(await questions(400, 400, 400, 400, 40)).toBe(5);
});

test("but not for ever", async () => {
  expect(await questions(400)).toBe(15);
});
