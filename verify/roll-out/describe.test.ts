import { expect, test } from "vitest";
import { describePlan, summary } from "./describe.ts";
import type { Change } from "./files.ts";
import { site } from "./fixtures/fake-machines.ts";
import type { NodePlan } from "./plan.ts";

const node = (index: number, changes: readonly Change[], unfinished = false): NodePlan => ({
  ...{ machine: site.machines[index]!, files: [], changes, unfinished },
  ...{ engine: "lease", engineBefore: "lease" },
});
const config: Change = { path: "/etc/haproxy/haproxy.cfg", kind: "changed" };
const unit: Change = { path: "/etc/systemd/system/haproxy.service.d/10-molly.conf", kind: "new" };
const hosts: Change = { path: "/etc/hosts", kind: "mode" };
const old: Change = { path: "/usr/local/lib/molly-vip/old.py", kind: "gone" };

test("every machine, file and consequence is told, before anything is done", () => {
  const nodes = [node(0, [config, hosts, old]), node(1, [], true), node(2, [])];
  expect(`\n${describePlan({ nodes, disagreements: [] })}\n`).toBe(`
NODE   FILE                             IS             WHAT HAPPENS
kube0  /etc/haproxy/haproxy.cfg         changed        haproxy: reload
       /etc/hosts                       another mode   nothing
       /usr/local/lib/molly-vip/old.py  to be removed  molly-vip: restart
kube1  (an earlier roll-out)            broke off      molly-install runs again
kube2  all                              as rendered    nothing
`);
});

test("what can't be done one after another is told too", () => {
  const disagreement = {
    node: "kube0",
    what: "the lease's term",
    changes: "together",
    there: "1",
    wanted: "2",
  } as const;
  expect(
    describePlan({ nodes: [node(0, [])], disagreements: [disagreement] })
      .split("\n")
      .slice(2),
  ).toEqual([
    "",
    "Not on one control plane after another, only with --all-at-once:",
    "  kube0: the lease's term is 1, becomes 2",
  ]);
});

test("in short, a restart includes the reload", () => {
  expect(summary(node(0, [config]))).toBe("haproxy: reload");
  expect(summary(node(0, [config, unit, old]))).toBe("haproxy: restart, molly-vip: restart");
  expect(summary(node(0, [hosts]))).toBe("no service is touched");
  expect(summary(node(0, [], true))).toBe("molly-install runs again");
});
