import { expect, test } from "vitest";
import { fakeTarget } from "../faults/fixtures/fake-target.ts";
import { connectionLost } from "./connection.ts";

const unreachable = (...nodes: string[]) =>
  fakeTarget({
    kind: "live",
    answer: ({ node }) => (nodes.includes(node) ? { exitCode: -1, stderr: "timed out" } : undefined),
  });

test("is lost when no more than one control plane can be reached, look after look", async () => {
  const failure = await connectionLost(unreachable("kube0", "kube1", "kube2"), new AbortController().signal, 1);
  expect(failure?.message).toContain("The connection to the site is lost");
  expect(failure?.message).toContain("kube0, kube1, kube2 can't be reached");
});

test("is not lost while only the struck machine is away", async () => {
  const target = unreachable("kube1");
  const done = new AbortController();
  const watching = connectionLost(target, done.signal, 1);
  await expect.poll(() => target.asked.length).toBeGreaterThan(30);
  done.abort();
  expect(await watching).toBeUndefined();
});
