import { expect, test } from "vitest";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { secondSite } from "../fixtures/sites.ts";
import { conformanceProblems } from "./conformance.ts";
import { committedSchema } from "./schema.ts";

const pool = { node_name: "rack1", name: "vm" };
const inPool = (attributes: object) =>
  conformanceProblems({ resource: { proxmox_ceph_pool: { vm: { ...pool, ...attributes } } } }, committedSchema());

test("accepts what is right", () => {
  expect(inPool({ size: 3, add_storages: true, lifecycle: { prevent_destroy: true } })).toEqual([]);
  expect(inPool({ size: "${var.size}", crush_rule: null })).toEqual([]);
});

test.each([
  ["an unknown attribute", { sise: 3 }, "proxmox_ceph_pool.vm.sise: unknown"],
  ["another type", { size: "3" }, "proxmox_ceph_pool.vm.size: string, not number"],
  ["what only the provider sets", { id: "rack1/vm" }, "proxmox_ceph_pool.vm.id: read-only"],
])("tells %s", (_what, attributes, problem) => {
  expect(inPool(attributes)).toEqual([problem]);
});

test("tells a missing attribute, and a resource that isn't generated", () => {
  const resource = { proxmox_ceph_pool: { vm: { name: "vm" } }, proxmox_hagroup: { all: {} } };
  expect(conformanceProblems({ resource }, committedSchema())).toEqual([
    "proxmox_ceph_pool.vm.node_name: required, but missing",
    "resource.proxmox_hagroup: not a resource of the committed schema",
  ]);
});

test("looks into blocks and into lists of objects", () => {
  const { resource } = renderedStack(secondSite, "machines");
  const vega = { ...resource["proxmox_virtual_environment_vm"]?.["vega"] };
  vega["cpu"] = [{ cores: 4 }, { kores: 4 }];
  vega["network_device"] = [{ ...(vega["network_device"] as object[])[0], vlan_id: undefined, speed: 1 }];
  const broken = JSON.parse(JSON.stringify({ resource: { proxmox_virtual_environment_vm: { vega } } }));
  expect(conformanceProblems(broken, committedSchema())).toEqual([
    "proxmox_virtual_environment_vm.vega.cpu: 2 blocks, at most 1",
    "proxmox_virtual_environment_vm.vega.cpu[1].kores: unknown",
    "proxmox_virtual_environment_vm.vega.network_device[0].speed: unknown",
    "proxmox_virtual_environment_vm.vega.network_device[0].vlan_id: required, but missing",
  ]);
});
