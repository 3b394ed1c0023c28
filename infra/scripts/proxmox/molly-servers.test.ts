import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeServers, type Outcome } from "../../fixtures/fake-servers.ts";
import { testedSites } from "../../fixtures/sites.ts";
import { serversStackFiles } from "../../servers/stack-files.ts";

const [site] = testedSites;
if (site === undefined) throw new Error("There is no site to test with.");
const files = serversStackFiles(site);
const nodes = ["pve0", "pve1"] as const;
const addressOf = (node: string): string => site.servers.find(({ name }) => name === node)?.address ?? "";

const run = (servers: FakeServers, node: string, args: readonly string[] = [], env = {}): Outcome =>
  servers.run(node, "molly-servers.sh", args, { ADDRESS: addressOf(node), AGENT: "yes", ...env });

/** The servers before each has run its script, and after both. */
const stages: FakeServers[] = [];
const outcomes: Outcome[] = [];

beforeAll(() => {
  stages.push(new FakeServers(files));
  for (const [index, node] of nodes.entries()) {
    const next = stages[index]?.copy();
    if (next === undefined) return;
    outcomes.push(run(next, node));
    stages.push(next);
  }
}, 60_000);
afterAll(() => {
  for (const stage of stages) stage[Symbol.dispose]();
});

const stage = (index: number): FakeServers => {
  const found = stages.at(index);
  if (found === undefined) throw new Error(`There is no stage ${index}.`);
  return found;
};

test("the first server forms the cluster, the next joins it, each with the site's sources", () => {
  expect(outcomes.map(({ exitCode, stderr }) => (exitCode === 0 ? "" : stderr))).toEqual(["", ""]);
  expect(
    stage(-1)
      .log()
      .filter((call) => call.includes("pvecm")),
  ).toEqual([
    `pve0: pvecm create ${site.name} --link0 ${addressOf("pve0")}`,
    `pve1: pvecm add ${addressOf("pve0")} --use_ssh 1 --link0 ${addressOf("pve1")}`,
  ]);
  for (const node of nodes) {
    const folder = join(stage(-1).folder, node, "etc/apt/sources.list.d");
    expect(readdirSync(folder)).toEqual(["ceph.sources", "proxmox.sources", "pve-enterprise.sources"]);
  }
});

test("a second time nothing is changed", () => {
  using servers = stage(-1).copy();
  const before = servers.state();
  for (const node of nodes) expect(run(servers, node)).toMatchObject({ exitCode: 0, changes: [] });
  expect(servers.state()).toEqual(before);
});

describe.each([...nodes.entries()])(
  "run %i, on %s, killed at any change and repeated, ends as if nothing had happened:",
  (index, node) => {
    test.each(["before", "after"])("killed %s it", (when) => {
      const changes = outcomes[index]?.changes.length ?? 0;
      expect(changes).toBe(5);
      for (let at = 1; at <= changes; at++) {
        using servers = stage(index).copy();
        expect(run(servers, node, [], { DIE: `${when}:${at}` }).exitCode).toBeNull();
        expect(run(servers, node)).toMatchObject({ exitCode: 0 });
        expect(servers.state(), `${when} change ${at}`).toEqual(stage(index + 1).state());
      }
    });
  },
);

test("apt's lists are fetched again only when a source has changed", () => {
  using servers = stage(-1).copy();
  const sources = "pve0/etc/apt/sources.list.d/proxmox.sources";
  const before = servers.read(sources);
  servers.write(sources, "Types: deb\n");
  expect(run(servers, "pve0").changes.at(-1)).toBe("pve0: apt-get -q update");
  expect(servers.read(sources)).toBe(before);
  expect(run(servers, "pve0").changes).toEqual([]);
});

test.each(nodes)("a dry run changes nothing and tells what would: %s", (node) => {
  using servers = stage(nodes.indexOf(node)).copy();
  const before = servers.state();
  const { exitCode, stderr, changes } = run(servers, node, ["--dry-run"]);
  expect({ exitCode, changes }).toEqual({ exitCode: 0, changes: [] });
  expect(servers.state()).toEqual(before);
  expect(stderr).toContain(node === "pve0" ? "would run: pvecm create" : "would run: pvecm add");
});

describe("is refused, and nothing changed:", () => {
  test.each([
    [
      "another release at another address",
      { PVE_VERSION: "8.4.1", ADDRESS: "" },
      /wants Proxmox VE 9; it does not have its address/,
    ],
    ["no way to the first server", { AGENT: "" }, /ssh-add/],
  ])("%s", (_what, env, reason) => {
    using servers = stage(1).copy();
    const steps = ["check", "cluster"];
    const { exitCode, stderr, changes } = run(servers, "pve1", steps, env);
    expect({ exitCode, changes }).toEqual({ exitCode: 1, changes: [] });
    expect(stderr).toMatch(reason);
  });

  test("a server of another cluster", () => {
    using servers = stage(1).copy();
    servers.write("pve1/etc/pve/corosync.conf", "totem {\n  cluster_name: other\n}\n");
    const { exitCode, stderr, changes } = run(servers, "pve1", ["cluster"]);
    expect({ exitCode, changes }).toEqual({ exitCode: 1, changes: [] });
    expect(stderr).toContain("is in another cluster than 'molly'");
  });

  test("a machine that is no server of the site", () => {
    using servers = new FakeServers(files);
    expect(run(servers, "pve9")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("no server of this name"),
    });
  });
});
