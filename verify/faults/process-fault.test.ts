import { expect, test } from "vitest";
import { fakeTarget } from "./fixtures/fake-target.ts";
import { apiServer, haproxy, processFault } from "./process-fault.ts";

const fault = (harm: "killed" | "frozen", processes = haproxy) =>
  processFault({ name: "any", title: "anything", severs: "nothing", processes, harm });

test("all processes of a service are struck at once, on the VIP's holder", async () => {
  const target = fakeTarget();
  const node = await fault("killed").aim(target);
  expect(node).toBe("kube0");
  await fault("killed").inject(target, node);
  await fault("frozen").inject(target, node);
  expect(target.asked.slice(-2)).toEqual([
    { node: "kube0", argv: ["systemctl", "kill", "--signal=SIGKILL", "haproxy.service"] },
    { node: "kube0", argv: ["systemctl", "kill", "--signal=SIGSTOP", "haproxy.service"] },
  ]);
});

test("a program in a pod is struck by its name", async () => {
  const target = fakeTarget();
  await fault("frozen", apiServer).inject(target, "kube1");
  expect(target.asked).toEqual([{ node: "kube1", argv: ["pkill", "--signal", "STOP", "--exact", "kube-apiserver"] }]);
});

test("that there is nothing to strike is told, and is no fault that was done", async () => {
  const target = fakeTarget({ answer: () => ({ exitCode: 1, stderr: "no such process" }) });
  await expect(fault("killed", apiServer).inject(target, "kube1")).rejects.toThrow(
    /no process to be killed.*\n.*no such process/,
  );
});

test("the heal lets go on what is frozen and starts a service that nothing started", async () => {
  const target = fakeTarget();
  await fault("frozen").heal(target, "kube0");
  const words = target.asked.map(({ argv }) => argv.join(" "));
  expect(words[0]).toContain("systemctl kill --signal=SIGCONT haproxy.service");
  expect(words[1]).toMatch(/systemctl reset-failed .*; systemctl start "\$1" sh haproxy\.service$/);
});

test("a pod is left to its kubelet", async () => {
  const target = fakeTarget();
  await fault("killed", apiServer).heal(target, "kube0");
  expect(target.asked.map(({ argv }) => argv.join(" ")).join("\n")).not.toContain("start");
});
