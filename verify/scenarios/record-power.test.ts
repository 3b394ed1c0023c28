import { expect, test } from "vitest";
import { fakeTarget } from "../faults/fixtures/fake-target.ts";
import { select } from "../history/operation.ts";
import { Recorder } from "../history/recorder.ts";
import type { Target } from "../target.ts";
import { recordPower } from "./record-power.ts";

const stepsOf = async (
  power: Partial<Target["power"]>,
  act: (target: Target) => Promise<unknown>,
): Promise<string[]> => {
  const recorder = new Recorder();
  const fake = fakeTarget();
  await act(recordPower({ ...fake, power: { ...fake.power, ...power } }, recorder)).catch(() => undefined);
  return select(recorder.history(), "power").map(({ node, state, type }) => `${node} ${state} ${type}`);
};

test("each step is recorded when it starts and when it is so", async () => {
  expect(await stepsOf({}, ({ power }) => power.off("kube0"))).toEqual(["kube0 off info", "kube0 off ok"]);
  expect(await stepsOf({}, ({ power }) => power.on("kube0"))).toEqual(["kube0 on info", "kube0 on ok"]);
  expect(await stepsOf({}, ({ power }) => power.freeze("kube0"))).toEqual(["kube0 frozen info", "kube0 frozen ok"]);
});

test("a machine is off from when its last process had ended, not from when that was told", async () => {
  const recorder = new Recorder();
  const fake = fakeTarget();
  const off: Target["power"]["off"] = async (_node, onOff) => onOff?.(1234);
  await recordPower({ ...fake, power: { ...fake.power, off } }, recorder).power.off("kube0");
  expect(select(recorder.history(), "power").find(({ type }) => type === "ok")?.t).toBe(1234);
});

test("a machine is thawed once, from when it can be reached", async () => {
  const afterwards: string[] = [];
  const thaw: Target["power"]["thaw"] = async (_node, onReachable) => {
    onReachable?.();
    afterwards.push("the network is back");
  };
  expect(await stepsOf({ thaw }, ({ power }) => power.thaw("kube0"))).toEqual(["kube0 thawed info", "kube0 thawed ok"]);
  expect(afterwards).toHaveLength(1);
});

test("what fails is recorded as failed", async () => {
  const off = (): Promise<void> => Promise.reject(new Error("no plug"));
  expect(await stepsOf({ off }, ({ power }) => power.off("kube0"))).toEqual(["kube0 off info", "kube0 off fail"]);
});
