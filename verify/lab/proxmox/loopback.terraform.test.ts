import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstControlPlane, workers } from "@molly/site";
import { providerMirror } from "../../terraform/provider.ts";
import { requireTerraform } from "../../terraform/require-terraform.ts";
import { renderedSites } from "../../terraform/stacks.ts";
import { openWorkspace, type Workspace } from "../../terraform/workspace.ts";
import { waitFor } from "../wait.ts";
import { type ApiForTerraform, startApiForTerraform } from "./fixtures/api-for-terraform.ts";

await requireTerraform();

const [first] = renderedSites();
if (first === undefined) throw new Error("There is no rendered site.");
const rendered = first;
const { site, stacks } = rendered;
const worker = workers(site).at(-1)?.name ?? "";
const { vmId: workerId = 0 } = site.machines.find(({ name }) => name === worker) ?? {};
const ids = site.machines.map(({ vmId }) => vmId).sort();
const vmAddress = (name: string): string => `proxmox_virtual_environment_vm.${name}`;
let mirror = "";

beforeAll(async () => {
  mirror = await providerMirror(site);
});

const openScripted = async (api: ApiForTerraform, stack: "servers" | "ceph"): Promise<Workspace> =>
  openWorkspace(stacks[stack] ?? "", mirror, { env: api.env, override: await api.withoutScripts(stack) });
const openCeph = (api: ApiForTerraform): Promise<Workspace> => openScripted(api, "ceph");
const openMachines = (api: ApiForTerraform): Promise<Workspace> =>
  openWorkspace(stacks["machines"] ?? "", mirror, { env: api.env, override: api.override });

/** The rendered machines without one of them: all that has its name goes. */
async function without(name: string): Promise<unknown> {
  const stack = (await rendering()) as {
    resource: Record<string, Record<string, unknown>>;
    output?: Record<string, { value: Record<string, unknown> }>;
  };
  for (const resources of Object.values(stack.resource))
    for (const key of [name, `network-${name}`]) delete resources[key];
  for (const { value } of Object.values(stack.output ?? {})) delete value[name];
  return stack;
}

const rendering = async (): Promise<unknown> =>
  JSON.parse(await readFile(join(stacks["machines"] ?? "", "cdk.tf.json"), "utf8"));

const succeeded = expect.objectContaining({ exitCode: 0 });
const planned = async (workspace: Workspace, api: ApiForTerraform): Promise<Record<string, string>> => {
  expect(await workspace.plan(api.machineVariables)).toEqual(succeeded);
  return Object.fromEntries(
    (await workspace.changes()).map(({ address, change }) => [address, change.actions.join(" and ")]),
  );
};

describe("real Terraform with the real provider, on this API", () => {
  let api: ApiForTerraform;
  let ceph: Workspace;
  let machines: Workspace;
  const used = new Set<string>();
  beforeAll(async () => {
    api = await startApiForTerraform(rendered);
    const { access } = api.cluster;
    const has = access.has.bind(access);
    access.has = (caller, path, privilege) => {
      used.add(privilege);
      return has(caller, path, privilege);
    };
    [ceph, machines] = [await openCeph(api), await openMachines(api)];
  });
  afterAll(async () => {
    await ceph[Symbol.asyncDispose]();
    await machines[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  });

  test("makes the pool, then every machine, and nothing is refused on the way", async () => {
    expect(await ceph.apply(api.variables)).toEqual(succeeded);
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    expect([...api.machinery.running.keys()].sort()).toEqual(ids);
    expect(api.asked.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test("has nothing to do when it plans again", async () => {
    expect(await ceph.plan(api.variables)).toEqual(succeeded);
    expect(await ceph.changes()).toEqual([]);
    expect(await planned(machines, api)).toEqual({});
  });

  test.for(site.machines)("$name is on its server, with its sizes and its cloud-init", (machine) => {
    expect(api.cluster.machines.get(machine.vmId)).toMatchObject({
      server: machine.server,
      config: {
        name: machine.name,
        cores: String(machine.cores),
        memory: String(machine.memoryGiB * 1024),
        scsi0: expect.stringContaining(`size=${machine.diskGiB}G`),
      },
    });
    const seed = api.machinery.seedOf(machine.vmId);
    expect(seed["network-config"]).toContain(`${machine.address}/`);
    expect(seed["user-data"]).toContain(`hostname: ${machine.name}\n`);
    expect(seed["user-data"]).toContain("user: debian\nssh_authorized_keys:\n  - ssh-ed25519 ");
    expect(seed["vendor-data"]).toContain("qemu-guest-agent");
    expect(seed["meta-data"]).toMatch(/^instance-id: [0-9a-f]{40}\n$/);
  });

  test("gives a worker more cores in place: it alone is shut down and started", async () => {
    await machines.override({
      ...api.override,
      resource: {
        proxmox_virtual_environment_vm: { [worker]: { cpu: { cores: 4, sockets: 1, type: "x86-64-v2-AES" } } },
      },
    });
    api.machinery.events.length = 0;
    expect(await planned(machines, api)).toEqual({ [vmAddress(worker)]: "update" });
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    expect(api.machinery.events).toEqual([`shutdown ${workerId}`, `start ${workerId}`]);
    expect(api.machinery.running.get(workerId)?.cores).toBe(4);
    expect(await planned(machines, api)).toEqual({});
    await machines.override(api.override);
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    expect(api.machinery.running.get(workerId)?.cores).toBe(2);
  });

  test("makes a control plane again that somebody deleted, and touches no other machine", async () => {
    const first = firstControlPlane(site);
    api.cluster.highAvailability.remove(`vm:${first.vmId}`);
    await api.machinery.hypervisor.stop(first.vmId);
    api.cluster.machines.delete(first.vmId);
    for (const [volid, { vmid }] of api.cluster.volumes) if (vmid === first.vmId) api.cluster.volumes.delete(volid);
    api.machinery.events.length = 0;
    expect(await planned(machines, api)).toMatchObject({ [vmAddress(first.name)]: "create" });
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    expect(api.machinery.events).toEqual([`start ${first.vmId}`]);
    expect(await planned(machines, api)).toEqual({});
  });

  test("removes a worker that is gone from the site, and adds one that is new", async () => {
    await machines.change(await without(worker));
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    expect(api.cluster.machines.has(workerId)).toBe(false);
    expect(api.cluster.highAvailability.resources.has(`vm:${workerId}`)).toBe(false);
    await machines.change(await rendering());
    api.machinery.events.length = 0;
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    expect(api.machinery.events).toEqual([`start ${workerId}`]);
    expect(await planned(machines, api)).toEqual({});
  });

  test("destroys nothing that holds data, unless the stack is changed first", async () => {
    const kept = await machines.destroy(api.machineVariables);
    expect(kept.exitCode).toBe(1);
    expect(kept.stderr).toContain("lifecycle.prevent_destroy");
    expect([...api.machinery.running.keys()].sort()).toEqual(ids);
    const planes = site.machines.filter(({ role }) => role === "control-plane");
    const allowed = Object.fromEntries(planes.map(({ name }) => [name, { lifecycle: { prevent_destroy: false } }]));
    await machines.override({ ...api.override, resource: { proxmox_virtual_environment_vm: allowed } });
    expect(await machines.destroy(api.machineVariables)).toEqual(succeeded);
    expect([...api.cluster.machines.keys()]).toEqual([]);
    // What its scripts made is not undone by Terraform: the pool alone is the provider's.
    await ceph.override({ resource: { proxmox_ceph_pool: { vm_pool: { lifecycle: { prevent_destroy: false } } } } });
    expect(await ceph.destroy(api.variables)).toEqual(succeeded);
    expect([...api.machinery.pools.keys()]).toEqual([]);
  });

  test("uses each privilege that the stack servers gives it, but the one for a cloud-init drive that is changed", () => {
    const given = api.grants.flatMap(({ privileges }) => privileges);
    expect(given.filter((privilege) => !used.has(privilege))).toEqual(["VM.Config.CDROM"]);
  });
});

test("the stack servers sets the servers up, and the token that it makes is let in", async () => {
  await using api = await startApiForTerraform(rendered);
  api.cluster.access.users.delete("terraform@pve");
  api.cluster.access.grants = [];
  for (const name of [...api.cluster.access.roles.keys()].filter((role) => role.startsWith("terraform-")))
    api.cluster.access.roles.delete(name);
  await using servers = await openScripted(api, "servers");
  expect(await servers.apply(api.serverVariables)).toEqual(succeeded);
  expect(await servers.plan(api.serverVariables)).toEqual(succeeded);
  expect(await servers.changes()).toEqual([]);
  for (const { name } of site.servers)
    expect(api.cluster.servers.get(name)).toMatchObject({
      ...{ timezone: site.proxmox.timeZone, dns: { dns1: site.network.nameServers[0], search: site.proxmox.domain } },
    });
  const made = [...(api.cluster.access.users.get("terraform@pve")?.tokens ?? [])][0];
  if (made === undefined) throw new Error("No token was made.");
  await using ceph = await openCeph(api);
  const token = { ...api.variables, proxmox_api_token: `terraform@pve!${made[0]}=${made[1].secret}` };
  expect(await ceph.apply(token)).toEqual(succeeded);
});

describe("a token that lacks a privilege is told which", () => {
  test.for([
    ["VM.Config.CPU", "/vms/"],
    ["SDN.Use", "/sdn/zones/localnetwork/"],
    ["Sys.Console", "/"],
    ["VM.PowerMgmt", "/vms/"],
  ] as const)("%s", async ([missing, path]) => {
    await using api = await startApiForTerraform(rendered);
    api.withhold(missing);
    await using ceph = await openCeph(api);
    expect(await ceph.apply(api.variables)).toEqual(succeeded);
    await using machines = await openMachines(api);
    const { exitCode, stderr } = await machines.apply(api.machineVariables, `-target=proxmox_haresource.${worker}`);
    expect(exitCode).toBe(1);
    const told = stderr.replaceAll(/\s+/g, " ");
    expect(told).toContain(`Permission check failed (${path}`);
    expect(told).toContain(`, ${missing})`);
  });

  test("a wrong secret", async () => {
    await using api = await startApiForTerraform(rendered);
    await using ceph = await openCeph(api);
    const wrong = { ...api.variables, proxmox_api_token: "terraform@pve!molly=wrong" };
    const { exitCode, stderr } = await ceph.apply(wrong);
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("invalid token value!");
  });
});

describe("an apply that ends before its time", () => {
  /** An apply that is in the middle of starting machines, and stays there until they are let go. */
  const begun = async (api: ApiForTerraform, machines: Workspace) => {
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    api.machinery.held = promise;
    const apply = await machines.startApply(api.machineVariables, () => undefined);
    await waitFor(async () => api.machinery.events.length > 0 || "no machine was started", {
      what: "the first machine to be started",
      timeoutMs: 120_000,
      remedy: "See what Terraform prints.",
    });
    return { apply, letGo };
  };

  test("cancelled: what is under way is finished, and the next apply does the rest", async () => {
    await using api = await startApiForTerraform(rendered);
    await using ceph = await openCeph(api);
    expect(await ceph.apply(api.variables)).toEqual(succeeded);
    await using machines = await openMachines(api);
    const { apply, letGo } = await begun(api, machines);
    apply.kill("SIGINT");
    letGo();
    expect((await apply.ended).exitCode).toBe(1);
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    // None was made or started twice.
    expect(api.machinery.events.toSorted()).toEqual(ids.map((id) => `start ${id}`));
    expect(await planned(machines, api)).toEqual({});
  });

  test("killed: the next apply takes the machines that it finds under their numbers for its own", async () => {
    await using api = await startApiForTerraform(rendered);
    await using ceph = await openCeph(api);
    expect(await ceph.apply(api.variables)).toEqual(succeeded);
    await using machines = await openMachines(api);
    const { apply, letGo } = await begun(api, machines);
    apply.kill("SIGKILL");
    await apply.ended;
    letGo();
    expect(await machines.apply(api.machineVariables)).toEqual(succeeded);
    // Proxmox VE refuses, and the provider, which asks again, takes that for the answer to its first request.
    expect(api.asked).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining("already exists on node") }),
    );
    expect(api.machinery.events.toSorted()).toEqual(ids.map((id) => `start ${id}`));
    expect(await planned(machines, api)).toEqual({});
  });
});
