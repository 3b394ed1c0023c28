import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { describe, expect, test } from "vitest";
import { compareTrees } from "../compare.ts";
import type { ResourceChange } from "../model.ts";
import { formats, renderDiff } from "../render/index.ts";
import type { Side } from "../tree.ts";
import { assignPlans } from "./assign-plans.ts";

/**
 * A stack before and after a change, and what Terraform 1.11 with bpg/proxmox 0.111.1 planned for it: `terraform plan
 * -refresh=false` on a state written by hand, `terraform show -json`, cut to what is read.
 */
const folder = join(import.meta.dirname, "../fixtures/quay");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

const side = (name: string, text: string): Side => ({
  name,
  tree: new Map([["quay/infra/machines/cdk.tf.json", { text, executable: false }]]),
});
const [before, after] = [side("main", read("before.tf.json")), side("branch", read("after.tf.json"))];
const plans = assignPlans([{ file: "plan.json", text: read("plan.json") }], after.tree);

const told = (resources: readonly ResourceChange[]) =>
  Object.fromEntries(
    resources.map(({ address, action, forcedBy, shutdown }) => [address, { action, forcedBy, shutdown }]),
  );
const stackOf = (withPlans: typeof plans) => compareTrees(before, after, withPlans).sites[0]?.stacks[0];

describe("a plan", () => {
  test("is told as Terraform planned it", () => {
    expect(told(stackOf(plans)?.resources ?? [])).toEqual({
      "proxmox_ceph_pool.old": { action: "destroy", forcedBy: [], shutdown: undefined },
      "proxmox_virtual_environment_file.network-quay0": {
        action: "replace",
        forcedBy: ["source_raw[0].data"],
        shutdown: undefined,
      },
      "proxmox_virtual_environment_vm.quay0": { action: "update", forcedBy: [], shutdown: "done" },
      "proxmox_virtual_environment_vm.quay1": { action: "replace", forcedBy: ["vm_id"], shutdown: undefined },
    });
    expect(stackOf(plans)?.source).toBe("plan");
  });

  test("and the estimate without it comes to the same actions", () => {
    const plain = (resources: readonly ResourceChange[] = []) =>
      resources.map(({ address, action, shutdown }) => [address, action, shutdown]);
    expect(plain(stackOf(new Map())?.resources)).toEqual(plain(stackOf(plans)?.resources));
    expect(stackOf(new Map())?.source).toBe("estimate");
  });

  test("hides what Terraform calls sensitive, in every form", () => {
    expect(read("plan.json")).toContain("the-new-password");
    for (const format of formats)
      expect(renderDiff(compareTrees(before, after, plans), format, { colours: false })).not.toMatch(
        /the-(old|new)-password/,
      );
  });

  test("and tells that a secret is another one", () => {
    const changed = stackOf(plans)?.resources.flatMap(({ fields }) => fields) ?? [];
    expect(changed).toContainEqual(
      expect.objectContaining({ path: "initialization[0].user_account[0].password", kind: "changed" }),
    );
  });

  test("of no stack of the change, twice the same, or of another format is refused", () => {
    const none = new Map<string, { text: string; executable: boolean }>();
    const plan = { file: "plan.json", text: read("plan.json") };
    expect(() => assignPlans([plan], none)).toThrow(Failure);
    expect(() => assignPlans([plan, plan], after.tree)).toThrow(/several/);
    for (const text of ["{}", "[1]", "hunter2-is-no-json", JSON.stringify({ ...JSON.parse(plan.text), errored: true })])
      expect(() => assignPlans([{ file: "plan.json", text }], after.tree)).toThrow(
        /^(?!.*hunter2)plan\.json|^The plan of/,
      );
  });

  test("is of the stack that whoever planned says, though another has the same resources", () => {
    const text = after.tree.get("quay/infra/machines/cdk.tf.json") ?? { text: "", executable: false };
    const two = new Map([...after.tree, ["wharf/infra/machines/cdk.tf.json", text] as const]);
    const plan = { file: "plan.json", text: read("plan.json") };
    expect(() => assignPlans([plan], two)).toThrow(/several stacks/);
    expect([...assignPlans([{ ...plan, stack: "wharf/machines" }], two).keys()]).toEqual(["wharf/machines"]);
    expect(() => assignPlans([{ ...plan, stack: "wharf/ceph" }], two)).toThrow(/no stack of this change/);
  });

  test("that changes nothing of the files, but of what is there, is told as drift", () => {
    const plan = JSON.parse(read("plan.json")) as { resource_changes: unknown[] };
    const drift = { ...plan, resource_changes: [], resource_drift: plan.resource_changes.slice(2, 3) };
    const same = assignPlans([{ file: "p", text: JSON.stringify(drift) }], after.tree);
    const [site] = compareTrees(after, after, same).sites;
    expect(site?.findings.map(({ rule }) => rule)).toContain("drift");
  });

  test("where only the guest agent tells something else, nothing has drifted", () => {
    const plan = JSON.parse(read("plan.json")) as object;
    const before = { cores: 2, ipv4_addresses: [["127.0.0.1"]], network_interface_names: ["lo"] };
    const findings = (now: object) => {
      const change = { actions: ["update"], before, after: now };
      const machine = { address: "proxmox_virtual_environment_vm.a", type: "proxmox_virtual_environment_vm", change };
      const drift = { ...plan, resource_changes: [], resource_drift: [{ mode: "managed", ...machine }] };
      const same = assignPlans([{ file: "p", text: JSON.stringify(drift) }], after.tree);
      return compareTrees(after, after, same).sites.flatMap((site) => site.findings.map(({ what }) => what));
    };
    const flannel = { ipv4_addresses: [["127.0.0.1"], ["10.244.0.0"]], network_interface_names: ["lo", "flannel.1"] };
    expect(findings({ ...before, ...flannel })).toEqual([]);
    expect(findings({ ...before, ...flannel, cores: 4 })).toEqual(["Was changed outside of Terraform: cores"]);
  });
});
