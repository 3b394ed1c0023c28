import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { controlPlanes, type Machine, type Site, sites, validate, workers } from "@molly/site";
import {
  applyStack,
  attempt,
  containerName,
  openTerraformReplica,
  planStack,
  run,
  stackOrder,
  startApply,
  status,
  type TerraformReplica,
  waitFor,
} from "@molly/verify";
import { beforeAll, describe, expect, test } from "vitest";
import { renderAll } from "./dist.ts";

// Against a replica that is up: `./molly lab up --through terraform`, then `npx vitest run --project terraform`.
const whole = validate(sites[0] ?? { name: "none" });
let replica: TerraformReplica;
const dist = (): string => join(replica.folder.work, "dist", whole.name);

beforeAll(async () => {
  replica = await openTerraformReplica(whole);
});

/** Puts what a site renders to in the place of what Terraform has there; its own state stays. */
async function render(site: Site): Promise<void> {
  for (const { path, text, executable } of renderAll(site)) {
    await mkdir(dirname(join(dist(), path)), { recursive: true });
    await writeFile(join(dist(), path), text, { mode: executable ? 0o755 : 0o644 });
  }
}

const changed = (change: (machine: Machine) => Machine[]): Site => ({
  ...whole,
  machines: whole.machines.flatMap(change),
});

const inContainer = (name: string, ...argv: readonly string[]): Promise<string> =>
  run("docker", ["exec", containerName(whole, name), ...argv]);

/** When each machine was last powered on. */
async function powerOns(): Promise<Record<string, string>> {
  const entries = whole.machines.map(async ({ name }) => {
    const asked = ["inspect", "--format", "{{.Id}} {{.State.StartedAt}}", containerName(whole, name)];
    return [name, (await attempt("docker", asked)).stdout.trim()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const allReady = (site: Site): Promise<void> =>
  waitFor(
    async () => {
      const nodes = await status(site);
      const late = nodes.filter(({ kubernetes }) => kubernetes !== "Ready");
      return late.length === 0 || late.map(({ name, kubernetes }) => `${name} is ${kubernetes}`).join(", ");
    },
    { what: "every node to be Ready", timeoutMs: 300_000, intervalMs: 1000, remedy: "See `./molly lab status`." },
  );

const emptyPlans = async (): Promise<void> => {
  for (const stack of stackOrder) expect(await planStack(replica, stack)).toMatchObject({ changes: false });
};

describe("what terraform apply brought up", () => {
  test("is a cluster of Ready machines with one holder of the VIP", async () => {
    await allReady(whole);
    const holders = (await status(whole)).filter(({ holdsVip }) => holdsVip);
    expect(holders).toHaveLength(1);
  });

  test("is answered for by real Ceph: every OSD up, the CephFS served, the pool of the stack", async () => {
    const server = whole.servers[0]?.name ?? "";
    const osds = whole.servers.flatMap(({ disks }) => disks.filter(({ use }) => use === "ceph")).length;
    const ceph = async (...argv: string[]): Promise<unknown> =>
      JSON.parse(await inContainer(server, "ceph", ...argv, "--format", "json"));
    expect(await ceph("osd", "stat")).toMatchObject({ num_osds: osds, num_up_osds: osds, num_in_osds: osds });
    expect(await ceph("fs", "ls")).toMatchObject([{ name: whole.ceph.fileSystem }]);
    expect(await ceph("osd", "pool", "ls")).toContain(whole.ceph.vmPool);
  });

  test("was set up by real cloud-init, from what Terraform gave it", async () => {
    for (const { name, address } of whole.machines) {
      // It ends with 2 where it only has something to recommend: it deprecates the `user: debian` that Proxmox VE writes.
      const asked = ["exec", containerName(whole, name), "cloud-init", "status", "--format", "json"];
      const seen = JSON.parse((await attempt("docker", asked)).stdout) as { recoverable_errors: object };
      expect(seen).toMatchObject({ status: "done", errors: [], datasource: expect.stringContaining("nocloud") });
      expect(Object.keys(seen.recoverable_errors).filter((severity) => severity !== "DEPRECATED")).toEqual([]);
      expect(await inContainer(name, "ip", "-o", "-4", "address", "show", whole.network.interface)).toContain(address);
      expect(await inContainer(name, "cat", "/home/debian/.ssh/authorized_keys")).toMatch(/^ssh-ed25519 /m);
    }
  });

  test("is as every stack wants it: a second plan is empty", emptyPlans);
});

test("a changed HAProxy line is rolled out, and no machine is touched", async () => {
  const before = await powerOns();
  for (const { name } of controlPlanes(whole))
    await appendFile(join(dist(), "hosts", name, "etc/haproxy/haproxy.cfg"), "# changed\n");
  expect(await planStack(replica, "machines")).toMatchObject({ changes: false });
  await applyStack(replica, "hosts");
  for (const { name } of controlPlanes(whole))
    expect(await inContainer(name, "tail", "-n", "1", "/etc/haproxy/haproxy.cfg")).toBe("# changed\n");
  expect(await powerOns()).toEqual(before);
  await render(whole);
  await applyStack(replica, "hosts");
  await emptyPlans();
});

test("a worker is grown from 2 to 4 cores in place", async () => {
  const [grown] = workers(whole);
  if (grown === undefined) throw new Error("The site has no worker.");
  const before = await powerOns();
  await render(changed((machine) => [machine.name === grown.name ? { ...machine, cores: 4 } : machine]));
  await applyStack(replica, "machines");
  const after = await powerOns();
  expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([grown.name]);
  // The same container: its disk is what it was.
  expect(after[grown.name]?.split(" ")[0]).toBe(before[grown.name]?.split(" ")[0]);
  const config = await inContainer(grown.server, "pvesh", "get", `/nodes/${grown.server}/qemu/${grown.vmId}/config`);
  expect(JSON.parse(config)).toMatchObject({ cores: 4 });
  await allReady(whole);
  await render(whole);
  await applyStack(replica, "machines");
  await allReady(whole);
});

test("a worker leaves, and comes back though the apply was killed half way", async () => {
  const last = workers(whole).at(-1);
  if (last === undefined) throw new Error("The site has no worker.");
  const fewer = changed((machine) => (machine.name === last.name ? [] : [machine]));
  await render(fewer);
  await rm(join(dist(), "hosts", last.name), { recursive: true });
  // It leaves the cluster before it goes.
  await applyStack(replica, "hosts");
  await applyStack(replica, "machines");
  expect(await status(whole)).toContainEqual(
    expect.objectContaining({ name: last.name, container: "absent", kubernetes: "unknown" }),
  );
  await render(whole);
  const begun = Promise.withResolvers<void>();
  const apply = await startApply(replica, "machines", (line) => {
    if (line.includes(`_vm.${last.name}: Creating...`)) begun.resolve();
  });
  await begun.promise;
  await apply.kill();
  await apply.ended;
  await applyStack(replica, "machines");
  await forgetHostKey(last);
  await applyStack(replica, "hosts");
  await allReady(whole);
  await emptyPlans();
});

test("a control plane that somebody deleted comes back as a member", async () => {
  const lost = controlPlanes(whole)[1];
  if (lost === undefined) throw new Error("The site has one control plane.");
  const api = (...argv: string[]): Promise<string> => inContainer(lost.server, "pvesh", ...argv);
  const path = `/nodes/${lost.server}/qemu/${lost.vmId}`;
  await api("delete", `/cluster/ha/resources/vm:${lost.vmId}`);
  await api("create", `${path}/status/stop`);
  await waitFor(async () => (await api("get", `${path}/status/current`)).includes('"status":"stopped"') || "running", {
    ...{ what: `${lost.name} to be off`, timeoutMs: 60_000 },
    remedy: "See the API's log.",
  });
  await api("delete", path);
  await waitFor(
    async () => (await attempt("docker", ["inspect", containerName(whole, lost.name)])).exitCode !== 0 || "there",
    {
      ...{ what: `${lost.name} to be gone`, timeoutMs: 60_000 },
      remedy: "See the API's log.",
    },
  );
  await applyStack(replica, "machines");
  await forgetHostKey(lost);
  await applyStack(replica, "hosts");
  await allReady(whole);
  const [asked] = controlPlanes(whole);
  const members = await inContainer(asked?.name ?? "", ...etcdMembers);
  for (const { name } of controlPlanes(whole)) expect(members).toContain(name);
  await emptyPlans();
});

const etcdMembers = [
  ...["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", "-n", "kube-system", "get", "pods"],
  ...["-l", "component=etcd", "--field-selector", "status.phase=Running", "-o", "name"],
];

/** A machine that was made anew has another host key: the stack asks its operator to say that this is right. */
const forgetHostKey = async ({ address }: Machine): Promise<void> =>
  void (await inContainer("terraform", "ssh-keygen", "-q", "-R", address));
