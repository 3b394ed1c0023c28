import type { Site } from "@molly/site";
import { beforeAll, describe, expect, test } from "vitest";
import { providerMirror } from "./provider.ts";
import { requireTerraform } from "./require-terraform.ts";
import { renderedSites } from "./stacks.ts";
import { openWorkspace } from "./workspace.ts";

await requireTerraform();

/** Values of the right form; nobody is asked: the port is closed, the image is not fetched by a plan. */
const common = {
  proxmox_endpoint: "https://127.0.0.1:1/",
  proxmox_api_token: "terraform@pve!molly=a-token-that-must-not-be-shown",
};
const machines = {
  ...common,
  debian_image_url: "https://mirror.example.org/trixie/20000101-1/debian-13-genericcloud-amd64-20000101-1.qcow2",
  debian_image_checksum: "0".repeat(128),
  ssh_public_keys: ["ssh-ed25519 AAAA someone@example.org"],
};
/** Where the site leaves its disks open, the stack asks for them. */
const openDisks = ({ servers }: Site) =>
  Object.fromEntries(
    servers.map(({ name, disks }) => [
      name,
      disks.flatMap(({ use, id }, index) => (use === "ceph" && id === undefined ? [`ata-ACME_${name}${index}`] : [])),
    ]),
  );
const cephVariables = (site: Site) => {
  const disks = openDisks(site);
  return Object.values(disks).flat().length > 0 ? { ...common, osd_disks: disks } : common;
};
const variablesOf = (site: Site, stack: string) =>
  ({ machines, gateway: machines, hosts: {}, ceph: cephVariables(site) })[stack] ?? common;

describe.for(renderedSites())("real Terraform with the real provider, on the stacks of $site.name", (rendered) => {
  const { site } = rendered;
  const stacks = Object.entries(rendered.stacks).map(([stack, folder]) => ({ stack, folder }));
  const machineStack = rendered.stacks["machines"] ?? "machines";
  let mirror = "";

  beforeAll(async () => {
    mirror = await providerMirror(site);
  });

  test.for(stacks)("accepts $stack without a warning", async ({ folder }) => {
    await using workspace = await openWorkspace(folder, mirror);
    expect(await workspace.validate()).toMatchObject({ valid: true, diagnostics: [] });
  });

  test.for(stacks)("plans $stack: only creates, and shows no token", async ({ stack, folder }) => {
    await using workspace = await openWorkspace(folder, mirror);
    const { exitCode, stdout, stderr } = await workspace.plan(variablesOf(site, stack));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toContain("must-not-be-shown");
    const actions = (await workspace.changes()).flatMap(({ change }) => change.actions);
    expect(new Set(actions)).toEqual(new Set(["create"]));
  });

  test("plans every machine with its sizes on its server", async () => {
    await using workspace = await openWorkspace(machineStack, mirror);
    await workspace.plan(machines);
    const planned = (await workspace.changes())
      .filter(({ type }) => type === "proxmox_virtual_environment_vm")
      .map(({ change: { after } }) => after);
    expect(planned).toHaveLength(site.machines.length);
    for (const { name, vmId, server, cores, memoryGiB, diskGiB } of site.machines)
      expect(planned).toContainEqual(
        expect.objectContaining({
          name,
          vm_id: vmId,
          node_name: server,
          cpu: [expect.objectContaining({ cores })],
          memory: [expect.objectContaining({ dedicated: memoryGiB * 1024 })],
          disk: [expect.objectContaining({ size: diskGiB, datastore_id: site.ceph.vmPool })],
        }),
      );
  });

  test.for([
    [
      { debian_image_url: "https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2" },
      "must name one build",
    ],
    [{ debian_image_checksum: "latest" }, "must be 128 lower-case hexadecimal digits"],
    [{ ssh_public_keys: [] }, "must name at least one key"],
    [{ proxmox_endpoint: "http://pve0" }, "must begin with https://"],
    [{ proxmox_api_token: "secret" }, "must have the form user@realm!name=secret"],
  ] as const)("refuses %j", async ([wrong, reason]) => {
    await using workspace = await openWorkspace(machineStack, mirror);
    const { exitCode, stderr } = await workspace.plan({ ...machines, ...wrong });
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(reason);
  });

  test("asks for the OSDs' disks where the site leaves them open, and tells all that is wrong with the answer", async () => {
    await using workspace = await openWorkspace(rendered.stacks["ceph"] ?? "ceph", mirror);
    const variables = cephVariables(site);
    if (!("osd_disks" in variables)) return void expect(await workspace.plan(variables)).toMatchObject({ exitCode: 0 });
    const wrong = { ...variables, osd_disks: { ...variables.osd_disks, pve0: ["sdc", "sdc", "sdd"] } };
    const { exitCode, stderr } = await workspace.plan(wrong);
    expect(exitCode).toBe(1);
    const told = stderr.replaceAll(/\s+/g, " ");
    for (const reason of ["as many disks as the site has", "as `ls /dev/disk/by-id` shows", "name each disk once"])
      expect(told).toContain(reason);
  });
});
