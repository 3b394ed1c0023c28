import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CalledApi, callApi } from "../fixtures/call-api.ts";
import { emptyImage } from "../qemu/qcow2.ts";

let api: CalledApi;
beforeEach(async () => void (api = await callApi()));
afterEach(() => api[Symbol.asyncDispose]());

const machine = {
  ...{ vmid: "100", name: "kube0", cores: "2", memory: "4096", agent: "enabled=1", boot: "order=scsi0" },
  ...{ scsi0: "file=vm:8,iothread=1", ide2: "vm:cloudinit,media=cdrom", net0: "model=virtio,bridge=vmbr0" },
};
const path = "/nodes/pve0/qemu/100";
const make = () => api.work("POST", "/nodes/pve0/qemu", machine);
const start = () => api.work("POST", `${path}/status/start`);

describe("a request", () => {
  test("may end in slashes and may have encoded values in its path", async () => {
    expect(await api.ask("GET", "/cluster/ha/resources/")).toMatchObject({ status: 200, data: [] });
    expect(await api.ask("GET", "/nodes/pve0/storage/vm/content/vm%3Avm-1-disk-0")).toMatchObject({ status: 500 });
  });

  test("for what the replica does not know is refused as not implemented", async () => {
    expect(await api.ask("GET", "/nodes/pve0/lxc")).toMatchObject({ status: 501 });
  });

  test("with parameters that the method does not know is refused, each named", async () => {
    expect(await api.ask("POST", "/cluster/ha/resources", { sid: "vm:100", colour: "red" })).toMatchObject({
      status: 400,
      reason: "Parameter verification failed.",
      errors: { colour: expect.stringContaining("not defined in schema") },
    });
  });

  test("for a server that there is none of is refused", async () => {
    expect(await api.ask("GET", "/nodes/pve9/qemu")).toMatchObject({ status: 500 });
  });
});

describe("a machine", () => {
  test("stands in the configuration as Proxmox VE writes it", async () => {
    expect(await make()).toBe("OK");
    const { data } = await api.ask("GET", `${path}/config`);
    expect(data).toMatchObject({
      cores: 2,
      memory: "4096",
      scsi0: "vm:vm-100-disk-0,iothread=1,size=8G",
      ide2: "vm:vm-100-cloudinit,media=cdrom",
      net0: expect.stringMatching(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/),
      digest: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });

  test("is not made a second time under the same number", async () => {
    await make();
    expect(await api.ask("POST", "/nodes/pve1/qemu", machine)).toMatchObject({
      reason: "unable to create VM 100 - VM 100 already exists on node 'pve0'",
    });
  });

  test("is not changed while it is being made", async () => {
    // As long as the image is not read, the task is under way.
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    api.machinery.files.head = () => promise;
    const imported = { ...machine, scsi0: "vm:0,import-from=cephfs:import/a.qcow2" };
    const { data } = await api.ask("POST", "/nodes/pve0/qemu", imported);
    expect(await api.ask("PUT", `${path}/config`, { cores: "4" })).toMatchObject({ reason: "VM is locked (create)" });
    resolve(emptyImage(2 ** 30));
    await api.cluster.tasks.find(String(data))?.ended;
    expect(await api.ask("PUT", `${path}/config`, { cores: "4" })).toMatchObject({ status: 200 });
  });

  test("is not made from what is no image", async () => {
    api.machinery.files.head = async () => Buffer.from("<!doctype html><title>404</title>");
    const imported = { ...machine, scsi0: "vm:0,import-from=cephfs:import/a.qcow2" };
    expect(await api.work("POST", "/nodes/pve0/qemu", imported)).toContain("Image is not in qcow2 format");
    expect([...api.cluster.machines.keys()]).toEqual([]);
  });

  test("is not changed by who saw another configuration", async () => {
    await make();
    const digest = "0".repeat(40);
    expect(await api.ask("PUT", `${path}/config`, { cores: "4", digest })).toMatchObject({
      reason: "checksum mismatch (file change by other user?)",
    });
  });

  test("runs with its cores until it is started again, though its configuration says more", async () => {
    await make();
    await start();
    await api.ask("PUT", `${path}/config`, { cores: "4", description: "new" });
    expect((await api.ask("GET", `${path}/config`)).data).toMatchObject({ cores: 4, description: "new" });
    expect((await api.ask("GET", `${path}/status/current`)).data).toMatchObject({ cpus: 2, status: "running" });
    expect((await api.ask("GET", `${path}/pending`)).data).toContainEqual({ key: "cores", value: "2", pending: "4" });
    await api.work("POST", `${path}/status/shutdown`);
    await start();
    expect(api.machinery.running.get(100)?.cores).toBe(4);
  });

  test("has disks that grow and never shrink", async () => {
    await make();
    expect(await api.work("PUT", `${path}/resize`, { disk: "scsi0", size: "16G" })).toBe("OK");
    expect((await api.ask("GET", `${path}/config`)).data).toMatchObject({ scsi0: expect.stringContaining("size=16G") });
    expect(await api.work("PUT", `${path}/resize`, { disk: "scsi0", size: "8G" })).toBe(
      "shrinking disks is not supported",
    );
    expect(await api.work("PUT", `${path}/resize`, { disk: "scsi9", size: "8G" })).toBe("disk 'scsi9' does not exist");
  });

  test("is not destroyed while it runs, nor while it is a resource of ha-manager's", async () => {
    await make();
    await start();
    expect(await api.ask("DELETE", path)).toMatchObject({ reason: "VM 100 is running - destroy failed" });
    await api.ask("POST", "/cluster/ha/resources", { sid: "vm:100", state: "started" });
    expect((await api.ask("DELETE", path)).reason).toContain("used in HA resources and purge parameter not set");
    await api.machinery.hypervisor.stop(100);
    expect(await api.work("DELETE", `${path}?purge=1`)).toBe("OK");
    expect([...api.cluster.volumes.keys()]).toEqual([]);
    expect([...api.cluster.highAvailability.resources.keys()]).toEqual([]);
  });

  test("of ha-manager's is only asked to stop: the task ends at once", async () => {
    await make();
    await start();
    await api.ask("POST", "/cluster/ha/resources", { sid: "vm:100", state: "started" });
    expect(await api.work("POST", `${path}/status/shutdown`)).toBe("OK");
    expect(api.cluster.highAvailability.resources.get("vm:100")?.state).toBe("stopped");
    expect(api.machinery.running.has(100)).toBe(true);
  });
});

describe("a rule that keeps machines apart", () => {
  const rule = { rule: "apart", type: "resource-affinity", affinity: "negative", disable: "0" };

  test("needs machines that ha-manager has, and two of them", async () => {
    expect(await api.ask("POST", "/cluster/ha/rules", { ...rule, resources: "vm:100,vm:101" })).toMatchObject({
      reason: "cannot use unmanaged resource(s) vm:100, vm:101.",
    });
    await make();
    await api.ask("POST", "/cluster/ha/resources", { sid: "vm:100" });
    expect(await api.ask("POST", "/cluster/ha/rules", { ...rule, resources: "vm:100" })).toMatchObject({
      status: 400,
      reason: "Rule 'apart' is invalid.",
    });
  });

  test("is gone in the words by which the provider knows it", async () => {
    expect((await api.ask("GET", "/cluster/ha/rules/apart")).reason).toBe("no such ha rule 'apart'");
    expect((await api.ask("GET", "/cluster/ha/resources/vm:100")).reason).toBe("no such resource 'vm:100'");
    expect((await api.ask("GET", "/nodes/pve0/ceph/pool/vm/status")).reason).toContain("unrecognized pool");
    expect((await api.ask("GET", `${path}/config`)).reason).toContain("does not exist");
  });
});

describe("a privilege that is missing", () => {
  const user = "terraform@pve";
  const allow = (...privileges: readonly string[]): void => {
    api.cluster.access.roles.set("Test", new Set(privileges));
    api.cluster.access.grants = [{ path: "/", type: "user", ugid: user, roleid: "Test", propagate: true }];
  };
  const all = [
    ...["VM.Allocate", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Options", "VM.Config.Disk", "VM.Config.Network"],
    ...["Datastore.AllocateSpace", "SDN.Use"],
  ];

  test("to make a machine is named with its path", async () => {
    allow(...all);
    expect((await api.ask("POST", "/nodes/pve0/qemu", machine, user)).status).toBe(200);
    for (const [privilege, where] of [
      ["VM.Config.CPU", "/vms/200"],
      ["VM.Config.Network", "/vms/200"],
      ["Datastore.AllocateSpace", "/storage/vm"],
      ["SDN.Use", "/sdn/zones/localnetwork/vmbr0"],
    ] as const) {
      allow(...all.filter((one) => one !== privilege));
      const { status, reason } = await api.ask("POST", "/nodes/pve0/qemu", { ...machine, vmid: "200" }, user);
      expect({ status, reason }).toEqual({ status: 403, reason: `Permission check failed (${where}, ${privilege})` });
    }
  });

  test("to set the order of starting up is one of the server's", async () => {
    allow(...all);
    const { reason } = await api.ask("POST", "/nodes/pve0/qemu", { ...machine, startup: "order=1" }, user);
    expect(reason).toBe("Permission check failed (/, Sys.Modify)");
  });

  test("is not asked for twice: nothing was changed", async () => {
    await make();
    allow("VM.Config.CPU");
    const { status } = await api.ask("PUT", `${path}/config`, { cores: "4", memory: "8192" }, user);
    expect(status).toBe(403);
    expect((await api.ask("GET", `${path}/config`)).data).toMatchObject({ cores: 2 });
  });
});

describe("a download", () => {
  const form = { content: "import", url: "https://example.org/a.qcow2", filename: "a.qcow2" };

  test("to a storage without that content is refused", async () => {
    expect(await api.ask("POST", "/nodes/pve0/storage/cephfs/download-url", { ...form, content: "iso" })).toMatchObject(
      {
        reason: "storage 'cephfs' is not configured for content-type 'iso'",
      },
    );
  });

  test("with another checksum leaves no file", async () => {
    api.machinery.mirror.set(form.url, Buffer.from("other"));
    const checked = { ...form, "checksum": "0".repeat(128), "checksum-algorithm": "sha512" };
    expect(await api.work("POST", "/nodes/pve0/storage/cephfs/download-url", checked)).toContain("checksum mismatch");
    expect((await api.ask("GET", "/nodes/pve0/storage/cephfs/content")).data).toEqual([]);
  });
});
