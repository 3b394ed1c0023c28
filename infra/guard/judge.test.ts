import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeJudgement } from "./describe.ts";
import { judgePlan } from "./judge.ts";
import { parsePlan, type Plan } from "./plan.ts";

const folder = new URL("./fixtures/", import.meta.url);
/** A real plan, cut: how each came about is in the folder's README. */
const fixture = (name: string): Plan => parsePlan(readFileSync(new URL(`${name}.json`, folder), "utf8"));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -5));

const kube0 = "proxmox_virtual_environment_vm.kube0";
const refused = (plan: Plan, ...approvals: string[]) =>
  judgePlan(plan, approvals).refusals.map(({ address }) => address);

describe("real plans", () => {
  test.each([
    ["machines-removed", kube0, "is a control plane, and would be destroyed"],
    ["control-plane-replaced", kube0, "is a control plane, and would be replaced, for vm_id can't be changed in place"],
    ["control-plane-tainted", kube0, "is a control plane, and would be replaced because it is tainted"],
    ["pool-replaced", "proxmox_ceph_pool.vm_pool", "is a pool, and would be replaced, for name can't be changed"],
    ["image-gone", "proxmox_download_file.debian", "is gone, as far as its storage could be listed"],
  ])("%s: refused for %s alone, until that is approved by name", (name, address, what) => {
    const plan = fixture(name);
    const judgement = judgePlan(plan, []);
    expect(judgement.verdict).toBe("refused");
    expect(judgement.refusals).toEqual([expect.objectContaining({ address, what: expect.stringContaining(what) })]);
    expect(judgePlan(plan, [address])).toMatchObject({ verdict: "allowed", refusals: [], needless: [] });
    expect(describeJudgement(judgement)).toContain(`--approve '${address}'`);
  });

  test("a worker may go", () => {
    const plan = fixture("machines-removed");
    expect(plan.resource_changes.map(({ address }) => address)).toContain("proxmox_virtual_environment_vm.kube3");
    expect(refused(plan)).toEqual([kube0]);
  });

  test.each(["api-down", "refused-by-terraform"])("%s: made of errors, no approval helps", (name) => {
    const plan = fixture(name);
    const addresses = [...plan.resource_changes, ...plan.resource_drift].map(({ address }) => address);
    expect(judgePlan(plan, []).verdict).toBe("unknown");
    expect(judgePlan(plan, addresses).verdict).toBe("unknown");
  });

  test("one that leaves something out is told as such", () => {
    expect(judgePlan(fixture("image-gone"), []).notices).toEqual([expect.stringContaining("-target")]);
    expect(judgePlan(fixture("pool-replaced"), []).notices).toEqual([]);
  });

  test("an approval of something else changes nothing, and is told", () => {
    for (const name of names) {
      const without = judgePlan(fixture(name), []);
      expect(judgePlan(fixture(name), ["a.b"])).toEqual({ ...without, needless: ["a.b"] });
    }
  });
});

/** A plan for one resource, in the words of Terraform's format. */
const planned = (type: string, actions: string[], before: object | null): Plan =>
  parsePlan(
    JSON.stringify({
      format_version: "1.2",
      resource_changes: [{ address: `${type}.it`, mode: "managed", type, name: "it", change: { actions, before } }],
    }),
  );
const plane = { tags: ["control-plane", "kubernetes", "molly"] };

test.each([
  ["proxmox_virtual_environment_vm", plane],
  ["proxmox_ceph_pool", {}],
  ["terraform_data", { input: { protects: "osd" } }],
  ["terraform_data", { input: { protects: "cephfs" } }],
  ["terraform_data", { input: { protects: "control-plane" } }],
])("%s with %j is refused exactly when it would be destroyed", (type, before) => {
  fc.assert(
    fc.property(fc.constantFrom("no-op", "create", "read", "update", "forget", "delete"), (action) => {
      expect(refused(planned(type, [action], before))).toEqual(action === "delete" ? [`${type}.it`] : []);
    }),
  );
  for (const actions of [
    ["delete", "create"],
    ["create", "delete"],
  ])
    expect(refused(planned(type, actions, before))).toEqual([`${type}.it`]);
});

test("a script that only runs again destroys nothing", () => {
  for (const input of [null, "text", {}, { protects: "" }])
    expect(refused(planned("terraform_data", ["delete", "create"], { input }))).toEqual([]);
});

test("a control plane that was deleted by hand is made anew only on somebody's word", () => {
  const drift = planned("proxmox_virtual_environment_vm", ["delete"], plane);
  const plan = { ...drift, resource_changes: [], resource_drift: drift.resource_changes };
  expect(judgePlan(plan, []).refusals).toEqual([expect.objectContaining({ what: expect.stringContaining("is gone") })]);
  expect(judgePlan(plan, ["proxmox_virtual_environment_vm.it"]).verdict).toBe("allowed");
});

test.each(["", "{}", "[]", '{"format_version":"2.0"}', "not JSON", '{"@level":"info"}'])("%j is no plan", (text) => {
  expect(() => parsePlan(text)).toThrow("This is no plan");
});
