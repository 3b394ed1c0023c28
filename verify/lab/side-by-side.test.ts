import { once } from "node:events";
import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side.ts";

const never = new AbortController().signal;

test("gives each piece's result in its place", async () => {
  const results = await sideBySide(never, () => [Promise.resolve(1), Promise.resolve("two")] as const);
  expect(results).toEqual([1, "two"]);
});

test("the first failure aborts the others, is thrown, and only when all have ended", async () => {
  const ended: string[] = [];
  const work = sideBySide(never, (signal) => [
    Promise.reject(new Error("first")),
    once(signal, "abort").then(() => {
      ended.push("other");
      throw new Error("second");
    }),
  ]);
  await expect(work).rejects.toThrow("first");
  expect(ended).toEqual(["other"]);
});

test("an abort from outside reaches every piece", async () => {
  const stop = new AbortController();
  const work = sideBySide(stop.signal, (signal) => [once(signal, "abort").then(() => signal.throwIfAborted())]);
  stop.abort(new Error("interrupted"));
  await expect(work).rejects.toThrow("interrupted");
});
