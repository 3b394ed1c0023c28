import { expect, test } from "vitest";
import { oneAtATime, oncePerKey } from "./once.ts";

test("work is done once for each key, also for those who ask while it is done", async () => {
  const asked: string[] = [];
  const get = oncePerKey(async (key: string) => asked.push(key));
  await Promise.all([get("a"), get("b"), get("a")]);
  await get("b");
  expect(asked).toEqual(["a", "b"]);
});

test("a queue runs one piece at a time, in order, and goes on after a failure", async () => {
  const events: string[] = [];
  const queue = oneAtATime();
  const piece = (name: string) => async (): Promise<void> => {
    events.push(`${name} begins`);
    await Promise.resolve();
    events.push(`${name} ends`);
    if (name === "a") throw new Error("a failed");
  };
  const results = await Promise.allSettled([queue(piece("a")), queue(piece("b"))]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(events).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});
