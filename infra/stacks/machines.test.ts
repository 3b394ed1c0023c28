import { controlPlanes } from "@molly/site";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { testedSites } from "../fixtures/sites.ts";

describe.each(testedSites)("the machines of $name", (site) => {
  const { resource, variable } = renderedStack(site, "machines");
  const vms = resource["proxmox_virtual_environment_vm"] ?? {};
  const files = resource["proxmox_virtual_environment_file"] ?? {};
  const snippetOf = (id: unknown) =>
    Object.values(files).find((file) => `${file["datastore_id"]}:snippets/${nameAndData(file).file_name}` === id);

  test("are one virtual machine each, and no other", () => {
    expect(Object.values(vms).map(({ name }) => name)).toEqual(
      expect.arrayContaining(site.machines.map(({ name }) => name)),
    );
    expect(Object.keys(vms)).toHaveLength(site.machines.length);
  });

  test.each(site.machines)("$name has its id, server, cores, memory and disk", (machine) => {
    expect(vms[machine.name]).toMatchObject({
      name: machine.name,
      vm_id: machine.vmId,
      node_name: machine.server,
      on_boot: true,
      cpu: { cores: machine.cores, sockets: 1 },
      memory: { dedicated: machine.memoryGiB * 1024, floating: 0 },
      disk: [{ interface: "scsi0", datastore_id: site.ceph.vmPool, size: machine.diskGiB, file_format: "raw" }],
      boot_order: ["scsi0"],
    });
  });

  test.each(site.machines)("$name gets its address, gateway and name servers on the site's interface", (machine) => {
    const vm = vms[machine.name] as { initialization: { network_data_file_id: string }; network_device: unknown[] };
    const snippet = snippetOf(vm.initialization.network_data_file_id);
    const { ethernets } = parse(nameAndData(snippet).data);
    const device = ethernets[site.network.interface];
    const [, prefix] = site.network.cidr.split("/");
    expect(Object.keys(ethernets)).toEqual([site.network.interface]);
    expect(device).toMatchObject({
      "set-name": site.network.interface,
      "addresses": [`${machine.address}/${prefix}`],
      "routes": [{ to: "0.0.0.0/0", via: site.network.gateway }],
      "nameservers": { addresses: site.network.nameServers },
      "mtu": site.canal.interfaceMtu,
    });
    expect(vm.network_device).toEqual([
      expect.objectContaining({ bridge: site.network.bridge, mac_address: device.match.macaddress.toUpperCase() }),
    ]);
    expect(vm).toHaveProperty(
      "depends_on",
      expect.arrayContaining([expect.stringMatching(`network-${machine.name}$`)]),
    );
  });

  test("have MAC addresses of their own", () => {
    const addresses = Object.values(vms).map((vm) => JSON.stringify(vm["network_device"]));
    expect(new Set(addresses).size).toBe(site.machines.length);
  });

  test("that are control planes lie on different servers, start first and can't be destroyed", () => {
    const planes = controlPlanes(site).map(({ name }) => vms[name]);
    expect(new Set(planes.map((vm) => vm?.["node_name"])).size).toBe(planes.length);
    for (const vm of planes)
      expect(vm).toMatchObject({
        startup: { order: 1 },
        lifecycle: { prevent_destroy: true },
        reboot_after_update: false,
      });
  });

  test("that are workers start after them, and can be removed", () => {
    for (const { name } of site.machines.filter(({ role }) => role === "worker"))
      expect(vms[name]).toMatchObject({ startup: { order: 2 }, lifecycle: { prevent_destroy: false } });
  });

  test("are not made anew for a move by HA or another cloud-init file", () => {
    for (const vm of Object.values(vms))
      expect(vm).toHaveProperty("lifecycle.ignore_changes", [
        "node_name",
        "initialization[0].network_data_file_id",
        "initialization[0].user_data_file_id",
        "initialization[0].vendor_data_file_id",
      ]);
  });

  test("never make a plan wait for a silent agent", () => {
    for (const vm of Object.values(vms)) expect(vm).toHaveProperty("agent", { enabled: true, timeout: "8s" });
  });

  test("carry sorted tags, as Proxmox VE returns them", () => {
    for (const vm of Object.values(vms)) expect(vm["tags"]).toEqual((vm["tags"] as string[]).toSorted());
  });

  test("are all managed by HA, which keeps the control planes apart", () => {
    const managed = resource["proxmox_haresource"] ?? {};
    expect(Object.keys(managed)).toEqual(Object.keys(vms));
    for (const [name, { resource_id }] of Object.entries(managed))
      expect(resource_id).toBe(`vm:\${proxmox_virtual_environment_vm.${name}.vm_id}`);
    const apart = controlPlanes(site).toSorted((a, b) => a.vmId - b.vmId);
    expect(resource["proxmox_harule"]).toEqual({
      control_planes_apart: expect.objectContaining({
        type: "resource-affinity",
        affinity: "negative",
        resources: apart.map(({ name }) => `\${proxmox_haresource.${name}.resource_id}`),
      }),
    });
  });

  test("come from one exact, checked image: neither its build nor its checksum has a default", () => {
    expect(resource["proxmox_download_file"]).toMatchObject({
      debian: {
        checksum: "${var.debian_image_checksum}",
        checksum_algorithm: "sha512",
        url: "${var.debian_image_url}",
      },
    });
    for (const name of ["debian_image_url", "debian_image_checksum", "ssh_public_keys"]) {
      expect(variable[name]).toHaveProperty("validation");
      expect(variable[name]).not.toHaveProperty("default");
    }
  });
});

function nameAndData(file: Record<string, unknown> | undefined): { file_name: string; data: string } {
  return file?.["source_raw"] as { file_name: string; data: string };
}
