import { describe, expect, test } from "vitest";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { secondSite, testedSites } from "../fixtures/sites.ts";

describe.each(testedSites)("Ceph on the servers of $name", (site) => {
  const { resource, variable } = renderedStack(site, "ceph");
  const runs = resource["terraform_data"] ?? {};
  const names = site.servers.map(({ name }) => name).toSorted();
  const all = names.map((name) => `terraform_data.server_${name}`);
  const commandOf = (name: string): string =>
    (runs[name]?.["provisioner"] as Record<"local-exec", { command: string }>[])[0]?.["local-exec"].command ?? "";

  test("comes to those with a monitor one after another, then to the others side by side", () => {
    const after = names.map((name) => runs[`server_${name}`]?.["depends_on"]);
    const [first, second, third] = all;
    expect(after).toEqual([undefined, [first], [second], ...names.slice(3).map(() => [third])]);
  });

  test("has a pool and a file system once every server has its OSDs", () => {
    expect(resource["proxmox_ceph_pool"]?.["vm_pool"]?.["depends_on"]).toEqual(all);
    expect(runs["file_system"]?.["depends_on"]).toEqual(all);
    expect(commandOf("file_system")).toContain("molly-ceph.sh fs storage subvolumegroup client_key");
  });

  test("takes exactly the disks that the site has for it, asked for where the site leaves them open", () => {
    for (const { name, disks } of site.servers) {
      const command = commandOf(`server_${name}`);
      for (const { id, use } of disks)
        if (id !== undefined) expect(command.includes(` --disk ${id}`), id).toBe(use === "ceph");
      const open = disks.some(({ use, id }) => use === "ceph" && id === undefined);
      expect(command.includes(`var.osd_disks["${name}"]`)).toBe(open);
    }
    const anyOpen = site.servers.some(({ disks }) => disks.some(({ id }) => id === undefined));
    expect("osd_disks" in variable).toBe(anyOpen);
    expect(variable["osd_disks"] ?? {}).not.toHaveProperty("default");
  });
});

const triggers = (site: typeof secondSite) =>
  Object.fromEntries(
    Object.entries(renderedStack(site, "ceph").resource["terraform_data"] ?? {}).map(([name, run]) => [
      name,
      JSON.stringify(run["triggers_replace"]),
    ]),
  );
const runAgain = (site: typeof secondSite): string[] => {
  const [old, now] = [triggers(secondSite), triggers(site)];
  return Object.keys(now).filter((name) => now[name] !== old[name]);
};

test("a disk that is added runs that server's script again, and no other's", () => {
  const [before, more] = [secondSite.servers, { sizeTiB: 3.6, use: "ceph", id: "nvme-ACME_N38_S19" } as const];
  const servers = before.map((server) =>
    server.name === "rack1" ? { ...server, disks: [...server.disks, more] } : server,
  );
  expect(runAgain({ ...secondSite, servers })).toEqual(["server_rack1"]);
});

test.each([
  ["another group", { subvolumeGroup: "claims" }],
  ["a static volume less", { volumes: [] }],
])("%s runs what gives the driver its rights again, and no server's script", (_, change) => {
  const { storage } = secondSite;
  const cephfs = { ...storage.cephfs!, ...change };
  expect(runAgain({ ...secondSite, storage: { ...storage, cephfs } })).toEqual(["file_system"]);
});
