import { describe, expect, test } from "vitest";
import { renderedStack } from "./fixtures/rendered-stack.ts";
import { testedSites } from "./fixtures/sites.ts";
import { type Move, moves } from "./moved.ts";
import { renderInfra } from "./render.ts";

const [site] = testedSites as [(typeof testedSites)[number]];
const rename: Move = { from: "proxmox_ceph_pool.pool", to: "proxmox_ceph_pool.vm_pool" };
const textOf = (stack: string, renamed: typeof moves): string | undefined =>
  renderInfra(site, renamed).find(({ path }) => path === `infra/${stack}/cdk.tf.json`)?.text;

test("a rename is a moved block of its stack, and of no other", () => {
  expect(JSON.parse(textOf("ceph", { ceph: [rename] }) ?? "").moved).toEqual([rename]);
  expect(textOf("machines", { ceph: [rename] })).toBe(textOf("machines", {}));
});

test("without a rename there is no block", () => {
  expect(textOf("ceph", { ceph: [] })).not.toContain("moved");
});

describe.each(Object.entries(moves).flatMap(([stack, list]) => list.map((move) => ({ stack, ...move }))))(
  "$stack: $from",
  ({ stack, from, to }) => {
    test("is gone, and what it became is there", () => {
      const { resource } = renderedStack(site, stack as Parameters<typeof renderedStack>[1]);
      const isThere = (address: string): boolean => {
        const [type = "", name = ""] = address.split(".");
        return resource[type]?.[name] !== undefined;
      };
      expect({ from: isThere(from), to: isThere(to) }).toEqual({ from: false, to: true });
    });
  },
);
