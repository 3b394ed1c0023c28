import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeServers, type Outcome } from "../../fixtures/fake-servers.ts";
import { testedSites } from "../../fixtures/sites.ts";
import { Stages } from "../../fixtures/stages.ts";
import type { Site } from "@molly/site";
import { parameters } from "../../servers/parameters.ts";
import { cephStackFiles } from "../../servers/stack-files.ts";

const [site] = testedSites;
if (site === undefined) throw new Error("There is no site to test with.");
const files = cephStackFiles(site);

/** As the stack runs it: on each server, the fourth of which has no monitor, then for the whole cluster. */
const runs: readonly (readonly [node: string, args: readonly string[]])[] = [
  ["pve0", ["--disk", "ata-A_1", "--disk", "ata-A_2"]],
  ["pve1", ["--disk", "ata-B_1"]],
  ["pve2", ["--disk", "ata-C_1"]],
  ["pve3", ["--disk", "ata-D_1"]],
  ["pve0", ["fs", "storage", "subvolumegroup", "client_key"]],
];
const ids = runs.flatMap(([node, args]) => args.filter((id) => id.startsWith("ata-")).map((id) => [node, id] as const));

function fresh(): FakeServers {
  const servers = new FakeServers(files);
  for (const [node, id] of ids) servers.disk(node, id);
  return servers;
}

const step = (servers: FakeServers, index: number, env = {}): Outcome => {
  const [node, args] = runs[index] ?? ["", []];
  return servers.run(node, "molly-ceph.sh", args, env);
};

/** The servers before each run, and after all. */
let stages: Stages;

beforeAll(() => {
  stages = new Stages(fresh(), runs.length, step);
}, 60_000);
afterAll(() => stages[Symbol.dispose]());

const stage = (index: number): FakeServers => stages.at(index);

test("servers with empty disks become a Ceph cluster with a file system", () => {
  expect(stages.outcomes.map(({ exitCode, stderr }) => ({ exitCode, told: exitCode === 0 ? "" : stderr }))).toEqual(
    runs.map(() => ({ exitCode: 0, told: "" })),
  );
  const done = stage(-1);
  expect(done.read("state/mon").split("\n")).toEqual(["pve0", "pve1", "pve2", ""]);
  expect(done.read("state/mgr").split("\n")).toEqual(["pve0", "pve1", "pve2", ""]);
  expect(done.read("state/mds").split("\n")).toEqual(["pve0", "pve1", "pve2", ""]);
  for (const [node, id] of ids) expect(done.read(`${node}/dev/sd-${id}`)).toMatch(/^osd /);
  expect(done.read("state/storage")).toBe("import,snippets\n");
  expect(done.read("state/groups")).toBe("csi\n");
});

test("Ceph's commands come in the order that it wants", () => {
  expect(stage(-1).log()).toMatchSnapshot();
});

test("the driver's key may do what its own group needs, and nothing else", () => {
  expect(stage(-1).read("state/client.csi")).toBe(
    '"mds":"allow r fsname=cephfs path=/volumes, allow rws fsname=cephfs path=/volumes/csi","mgr":"allow rw",' +
      '"mon":"allow r fsname=cephfs","osd":"allow rwx tag cephfs metadata=cephfs, allow rw tag cephfs data=cephfs"',
  );
});

describe("a site's own group and static volumes", () => {
  const volume = { sizeGiB: 5, namespace: "album", readOnly: false };
  const volumes = [
    { ...volume, name: "photos", claim: "photos", path: "/shared/photos" },
    { ...volume, name: "charts", claim: "charts", path: "/shared/charts-2_a.b", readOnly: true },
    { ...volume, name: "photos-seen", claim: "photos-seen", path: "/shared/photos", readOnly: true },
  ];
  const cephfs = { ...site.storage.cephfs!, subvolumeGroup: "pods", volumes };
  const described: Site = { ...site, storage: { ...site.storage, cephfs } };

  /** As the stack leaves them when its next apply brings what the site says now. */
  function changed(to: Site): FakeServers {
    const servers = stage(-1).copy();
    servers.write("scripts/parameters.env", parameters(to, "ceph"));
    return servers;
  }
  const mdsOf = (servers: FakeServers): string | undefined =>
    /"mds":"([^"]*)"/.exec(servers.read("state/client.csi"))?.[1];

  test("are made, and the key may write where a claim may, read where none may, and go nowhere else", () => {
    using servers = changed(described);
    expect(step(servers, 4)).toMatchObject({ exitCode: 0, changes: [expect.any(String), expect.any(String)] });
    expect(servers.read("state/groups")).toBe("csi\npods\n");
    expect(mdsOf(servers)?.split(", ")).toEqual([
      "allow r fsname=cephfs path=/volumes",
      "allow rws fsname=cephfs path=/volumes/pods",
      "allow r fsname=cephfs path=/shared/charts-2_a.b",
      "allow rw fsname=cephfs path=/shared/photos",
    ]);
  });

  test("change nothing a second time", () => {
    using servers = changed(described);
    step(servers, 4);
    expect(step(servers, 4)).toMatchObject({ exitCode: 0, changes: [] });
  });

  test("take their rights along when they leave the site, and no folder or group", () => {
    using servers = changed(described);
    step(servers, 4);
    servers.write("scripts/parameters.env", parameters(site, "ceph"));
    expect(step(servers, 4)).toMatchObject({ exitCode: 0, changes: [expect.stringContaining("auth caps client.csi")] });
    expect(servers.read("state/client.csi")).toBe(stage(-1).read("state/client.csi"));
    expect(servers.read("state/groups")).toBe("csi\npods\n");
  });
});

test("its secret is shown to nobody", () => {
  using servers = stage(-1).copy();
  for (const { stderr } of [...stages.outcomes, step(servers, 4)]) expect(stderr).not.toContain("AQsecret");
});

test("a second time nothing is changed, on any server", () => {
  using servers = stage(-1).copy();
  const before = servers.state();
  for (const index of runs.keys()) expect(step(servers, index)).toMatchObject({ exitCode: 0, changes: [] });
  expect(servers.state()).toEqual(before);
});

describe.each([0, 1, 3, 4])("run %i, killed at any change and repeated, ends as if nothing had happened:", (index) => {
  test.each(["before", "after"])("killed %s it", (when) => {
    const changes = stages.outcomes[index]?.changes.length ?? 0;
    expect(changes).toBeGreaterThan(2);
    for (let at = 1; at <= changes; at++) {
      using servers = stage(index).copy();
      expect(step(servers, index, { DIE: `${when}:${at}` }).exitCode).toBeNull();
      const { exitCode, stderr } = step(servers, index);
      expect({ exitCode, told: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, told: "" });
      expect(servers.state(), `${when} change ${at}`).toEqual(stage(index + 1).state());
    }
  });
});

describe("a dry run", () => {
  test.each(runs.map(([node, args], index) => ({ node, args, index })))(
    "changes nothing and tells every change: $node $args",
    ({ node, args, index }) => {
      using servers = stage(index).copy();
      const before = servers.state();
      const { exitCode, stderr, changes } = servers.run(node, "molly-ceph.sh", ["--dry-run", ...args]);
      expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: [] });
      expect(servers.state()).toEqual(before);
      const told = stderr.replaceAll("ceph --connect-timeout 10 ", "ceph ");
      // How pveceph is answered is part of the line.
      const expected = stages.outcomes[index]?.changes.filter((change) => !change.includes("pveceph install")) ?? [];
      for (const change of expected) expect(told).toContain(change.replace(/^\w+: /, "would run: "));
    },
  );

  test("works where there is no Ceph yet", () => {
    using servers = fresh();
    const { exitCode, stderr } = servers.run("pve0", "molly-ceph.sh", ["--dry-run", "fs", "storage", "client_key"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("would run: pveceph fs create --name cephfs");
  });
});

describe("a disk that may hold data", () => {
  const kinds = { "ata-ZFS_1": "zfs", "ata-LVM_1": "lvm", "ata-PART_1": "partitions", "ata-EXT_1": "ext4" };
  const more = { "ata-MNT_1": "mounted", "ata-FOREIGN_1": "osd 99999999-0000 7", "ata-TAPE_1": "tape" };

  test("is refused, all of them with their reasons at once, and the empty one beside them is left alone too", () => {
    using servers = stage(1).copy();
    const disks = Object.entries({ ...kinds, ...more });
    for (const [id, holds] of disks) servers.disk("pve1", id, holds);
    const before = servers.state();
    const args = ["ata-B_1", ...disks.map(([id]) => id), "ata-GONE_1"].flatMap((id) => ["--disk", id]);
    for (const step of ["install", "init"]) servers.run("pve1", "molly-ceph.sh", [step]);
    const { exitCode, stderr, changes } = servers.run("pve1", "molly-ceph.sh", [...args, "osd"]);
    expect({ exitCode, changes }).toEqual({ exitCode: 1, changes: [] });
    expect(stderr.replaceAll(servers.folder, "")).toMatchSnapshot();
    for (const [id] of disks) expect(servers.read(`pve1/dev/sd-${id}`)).toBe(before[`pve1/dev/sd-${id}`]);
    expect(servers.read("pve1/dev/sd-ata-B_1")).toBe("");
  });

  test("is refused under its second name", () => {
    using servers = stage(1).copy();
    servers.run("pve1", "molly-ceph.sh", ["install", "init"]);
    const both = ["--disk", "ata-B_1", "--disk", "../by-id/ata-B_1", "osd"];
    const { exitCode, stderr } = servers.run("pve1", "molly-ceph.sh", both);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("is a second name of the same disk");
  });

  test("is an OSD of this cluster only when Ceph says so", () => {
    using servers = stage(-1).copy();
    servers.write("state/mon", "");
    const { exitCode, stderr } = servers.run("pve3", "molly-ceph.sh", ["--disk", "ata-D_1", "osd"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Ceph does not answer whether of this cluster");
  });
});

describe("what somebody changed", () => {
  test("is put right: rights of the key, contents of the storage", () => {
    using servers = stage(-1).copy();
    servers.write("state/client.csi", '"mds":"allow *","mgr":"allow *","mon":"allow *","osd":"allow *"');
    servers.write("state/storage", "iso,snippets");
    expect(step(servers, 4)).toMatchObject({ exitCode: 0, changes: [expect.any(String), expect.any(String)] });
    expect(servers.state()).toEqual(stage(-1).state());
  });

  test("or half made is told with what to do", () => {
    using servers = stage(1).copy();
    servers.write("pve1/var/lib/ceph/mon/ceph-pve1/keyring", "");
    const { exitCode, stderr } = step(servers, 1);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("'pveceph mon destroy pve1', then run this again");
  });
});

test("without an answer of Ceph nothing is made a second time", () => {
  using servers = stage(-1).copy();
  servers.write("state/mon", "");
  const { exitCode, stderr, changes } = step(servers, 4);
  expect({ exitCode, changes }).toEqual({ exitCode: 1, changes: [] });
  expect(stderr).toContain("Ceph does not answer 'ceph fs ls --format json'");
});

test.each([
  [["--dsik", "ata-A_1"], "no option '--dsik'"],
  [["osds"], "no step 'osds'"],
] as const)("refuses %j", (args, reason) => {
  using servers = fresh();
  expect(servers.run("pve0", "molly-ceph.sh", args)).toMatchObject({
    exitCode: 1,
    changes: [],
    stderr: expect.stringContaining(reason),
  });
});
