import { expect, test } from "vitest";
import { parseEtcdLine } from "./etcd.ts";

test("a healthy member", () => {
  expect(parseEtcdLine('etcd 1795410538.5 {"health":"true","reason":""} ', "kube0")).toEqual([
    { t: 1795410538500, process: "kube0", f: "etcd", type: "ok", detail: '{"health":"true","reason":""}' },
  ]);
});

test.each(['{"health":"false","reason":"RAFT NO LEADER"}', "curl: (7) Failed to connect to 127.0.0.1 port 2381", ""])(
  "%j is not healthy",
  (answer) => {
    expect(parseEtcdLine(`etcd 1795410538.5 ${answer}`, "kube0")).toMatchObject([{ type: "fail", detail: answer }]);
  },
);

test("anything else is not understood", () => {
  expect(parseEtcdLine("bash: curl: command not found", "kube0")).toBeUndefined();
});
