import { beforeAll, describe, expect, test } from "vitest";
import { validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { requireTerraform } from "../../terraform/require-terraform.ts";
import { providerMirror } from "../../terraform/provider.ts";
import { askProvider } from "./ask-provider.ts";
import { forcesReplacement } from "./provider-facts.ts";

await requireTerraform();

type Config = Record<string, unknown>;

const vm: Config = { name: "a", node_name: "pve0", vm_id: 200, on_boot: true };
const snippet: Config = { content_type: "snippets", datastore_id: "cephfs", node_name: "pve0" };
const image: Config = {
  content_type: "import",
  datastore_id: "cephfs",
  node_name: "pve0",
  url: "https://example.org/a.qcow2",
  file_name: "a.qcow2",
  overwrite: false,
};
const pool: Config = { name: "vm", node_name: "pve0", size: 3, min_size: 2 };
const rule: Config = {
  rule: "apart",
  type: "resource-affinity",
  affinity: "negative",
  resources: ["vm:200", "vm:201"],
};
const init = (more: Config): Config => ({ ...vm, initialization: { datastore_id: "vm", type: "nocloud", ...more } });

/** A change of one attribute, as `type`, what it is, before and after. */
const changes: readonly (readonly [type: string, attribute: string, before: Config, after: Config])[] = [
  ["proxmox_virtual_environment_vm", "vm_id", vm, { ...vm, vm_id: 201 }],
  ["proxmox_virtual_environment_vm", "node_name", vm, { ...vm, node_name: "pve1" }],
  ["proxmox_virtual_environment_vm", "name", vm, { ...vm, name: "b" }],
  ["proxmox_virtual_environment_vm", "on_boot", vm, { ...vm, on_boot: false }],
  ["proxmox_virtual_environment_vm", "cpu.cores", { ...vm, cpu: { cores: 2 } }, { ...vm, cpu: { cores: 4 } }],
  [
    "proxmox_virtual_environment_vm",
    "memory.dedicated",
    { ...vm, memory: { dedicated: 2048 } },
    { ...vm, memory: { dedicated: 4096 } },
  ],
  ["proxmox_virtual_environment_vm", "initialization.type", init({}), init({ type: "configdrive2" })],
  ...["user_data_file_id", "network_data_file_id", "vendor_data_file_id", "meta_data_file_id"].map(
    (key) =>
      [
        "proxmox_virtual_environment_vm",
        `initialization.${key}`,
        init({ [key]: "cephfs:snippets/a.yaml" }),
        init({ [key]: "cephfs:snippets/b.yaml" }),
      ] as const,
  ),
  [
    "proxmox_virtual_environment_file",
    "source_raw.data",
    { ...snippet, source_raw: { data: "a", file_name: "a" } },
    { ...snippet, source_raw: { data: "b", file_name: "a" } },
  ],
  [
    "proxmox_virtual_environment_file",
    "datastore_id",
    { ...snippet, source_raw: { data: "a", file_name: "a" } },
    { ...snippet, datastore_id: "other", source_raw: { data: "a", file_name: "a" } },
  ],
  ["proxmox_download_file", "url", image, { ...image, url: "https://example.org/b.qcow2" }],
  ["proxmox_download_file", "datastore_id", image, { ...image, datastore_id: "other" }],
  ["proxmox_ceph_pool", "name", pool, { ...pool, name: "other" }],
  ["proxmox_ceph_pool", "size", pool, { ...pool, size: 2 }],
  ["proxmox_harule", "rule", rule, { ...rule, rule: "other" }],
  ["proxmox_harule", "affinity", rule, { ...rule, affinity: "positive" }],
  [
    "proxmox_haresource",
    "state",
    { resource_id: "vm:200", state: "started" },
    { resource_id: "vm:200", state: "stopped" },
  ],
];

describe("what is said to force a replacement is what the real provider plans", () => {
  let mirror = "";
  beforeAll(async () => void (mirror = await providerMirror(validate(aurora))));

  test.for(changes)("%s: %s", async ([type, attribute, before, after]) => {
    const actions = await askProvider(mirror, type, before, after);
    expect(actions.includes("delete")).toBe(forcesReplacement(type, attribute));
  });
});
