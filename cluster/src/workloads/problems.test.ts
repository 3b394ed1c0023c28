import { describeProblem, InvalidSite, sites, validate } from "@molly/site";
import { patched } from "@molly/site/fixtures";
import { describe, expect, test } from "vitest";
import { birch, cedar, forest } from "../../fixtures/sites.ts";
import { renderCluster } from "../../index.ts";
import { workloadProblems } from "./problems.ts";
import { type Tenant, type WorkloadProps } from "./props.ts";
import { workloadRule } from "./rule.ts";
import { tenantsOf } from "./tenants.ts";

const sound: WorkloadProps = {
  name: "owl",
  image: "registry.example.org/owl:1.2.3",
  requests: { milliCores: 10, memoryMiB: 16 },
  limits: { milliCores: 20, memoryMiB: 32 },
  ports: [{ container: 8080 }],
};
const roomy = { milliCores: 10_000, memoryMiB: 10_000, pods: 100, storageGiB: 100 };
const tenant = (...workloads: WorkloadProps[]): Tenant => ({ namespace: "forest", quota: roomy, workloads });
const told = (...tenants: Tenant[]): string[] => workloadProblems(tenants, cedar).map(describeProblem);
const toldOf = (change: object): string[] => told(tenant({ ...sound, ...change }));

test("sound workloads have no problem, nor have those of this repository's sites", () => {
  expect(told(forest, { ...tenant(sound), namespace: "meadow" })).toEqual([]);
  for (const site of sites.map((site) => validate(site))) expect(workloadProblems(tenantsOf(site), site)).toEqual([]);
});

describe("an image", () => {
  test.each([
    "owl",
    "owl:latest",
    "owl:1",
    "owl:1.2",
    "host:5000/owl",
    "owl:v1.2",
    "owl@sha256:abc",
    "owl:stable-1.2.3",
  ])("'%s' floats", (image) =>
    expect(toldOf({ image })).toEqual([
      expect.stringMatching(/^workloads\.forest\.owl\.image: .* has (the floating tag|no tag)/),
    ]),
  );
  test.each(["owl:1.2.3", "host:5000/a/owl:v1.2.3", "owl:1.37.0-1", `owl:latest@sha256:${"a1".repeat(32)}`])(
    "'%s' is exact",
    (image) => expect(toldOf({ image })).toEqual([]),
  );
});

test.each([
  {
    what: "no limit at all",
    change: { limits: undefined },
    lines: [
      "workloads.forest.owl.limits.milliCores is no limit: one replica could take the whole node. Give a number above 0.",
      "workloads.forest.owl.limits.memoryMiB is no limit: one replica could take the whole node. Give a number above 0.",
    ],
  },
  {
    what: "half a limit",
    change: { limits: { milliCores: 20 } },
    lines: [
      "workloads.forest.owl.limits.memoryMiB is no limit: one replica could take the whole node. Give a number above 0.",
    ],
  },
  {
    what: "more asked for than allowed",
    change: { requests: { milliCores: 30, memoryMiB: 16 } },
    lines: [
      "workloads.forest.owl.requests.milliCores: 30 is more than the limit (20). Raise the limit or ask for less.",
    ],
  },
  {
    what: "two ports of a Service alike",
    change: { ports: [{ container: 1 }, { name: "more", container: 2 }] },
    lines: ["workloads.forest.owl.ports[1].service: 80 is the port of 'http' in the same Service. Give each its own."],
  },
  {
    what: "two ports of one name",
    change: { ports: [{ container: 1 }, { container: 2, service: 81 }] },
    lines: [
      'workloads.forest.owl.ports[1].name: "http" is the name of another port of the same Service. Name each differently.',
    ],
  },
  {
    what: "no way to probe it",
    change: { ports: [] },
    lines: [
      "workloads.forest.owl.probe could never be asked, since the workload has no port. Give a command that exits 0 while all is well, or a port.",
    ],
  },
  {
    what: "a class that the site doesn't have",
    change: { volume: { claim: "nest", mountPath: "/nest", sizeGiB: 1, class: "shard" } },
    lines: ["workloads.forest.owl.volume.class: \"shard\" is no StorageClass of this site. Did you mean 'shared'?"],
  },
  {
    what: "a static volume of somebody else's",
    change: { volume: { claim: "nest", mountPath: "/nest", sizeGiB: 1, existing: "rings" } },
    lines: [
      'workloads.forest.owl.volume.existing: "rings" is no static volume for the claim nest of forest. Describe it in storage.cephfs.volumes.',
    ],
  },
  {
    what: "root",
    change: { user: 0 },
    lines: ["workloads.forest.owl.user: 0 is root or no user. Give a whole number above 0."],
  },
])("$what is refused", ({ change, lines }) => expect(toldOf(change)).toEqual(lines));

test("a name that is too long, or that DNS refuses, is refused", () => {
  for (const name of ["o".repeat(64), "Owl", "1owl", "owl-", "o.wl"]) {
    expect(toldOf({ name })).toEqual([expect.stringContaining("is no name of a Service")]);
  }
});

test("two Services on one port of the nodes, wherever they are, are refused", () => {
  const ports = [{ container: 8080, node: 30_100 }];
  const meadow: Tenant = { ...tenant({ ...sound, name: "lark", ports }), namespace: "meadow" };
  expect(told(tenant({ ...sound, ports }), meadow)).toEqual([
    "workloads.meadow.lark.ports[0].node: 30100 is the port of another Service: workloads.forest.owl. Give each Service a port of its own.",
  ]);
  expect(toldOf({ ports: [{ container: 1, node: 80 }] })).toEqual([expect.stringContaining("no port that nodes keep")]);
});

test("a namespace that is the cluster's own, or stands there twice, is refused", () => {
  expect(told({ ...tenant(sound), namespace: "kube-system" })).toEqual([
    'workloads: "kube-system" is a namespace of the cluster\'s own. Choose another.',
  ]);
  expect(told(tenant(sound), tenant({ ...sound, name: "lark" }))).toEqual([
    "workloads.forest stands there twice. Put its workloads into one list.",
  ]);
  expect(told(tenant(sound, sound))).toContain("workloads.forest.owl stands there twice. Rename one of them.");
});

test("a quota that an update would break is refused: one more replica starts before an old one goes", () => {
  const quota = { milliCores: 59, memoryMiB: 96, pods: 3 };
  expect(told({ ...tenant(sound), quota })).toEqual([
    "workloads.forest.quota.milliCores: 59 is less than its workloads take, one more replica of each while they are updated: 60. Set it to at least 60, or ask for less.",
  ]);
  expect(told({ ...tenant(sound), quota: { ...quota, milliCores: 60 } })).toEqual([]);
});

test("a volume on a site without CephFS is refused", () => {
  const volume = { claim: "nest", mountPath: "/nest", sizeGiB: 1 };
  expect(workloadProblems([tenant({ ...sound, volume })], birch).map(describeProblem)).toEqual([
    'workloads.forest.owl.volume: "nest" needs CephFS, which the site doesn\'t have. Describe storage.cephfs, or go without a volume.',
  ]);
});

describe("all at once", () => {
  const broken = [
    tenant(
      { ...sound, image: "owl:latest", limits: undefined as never, ports: [{ container: 80, node: 30_100 }] },
      { ...sound, name: "o".repeat(64), ports: [{ container: 80, node: 30_100 }] },
    ),
  ];

  test("rendering tells every problem of every workload", () => {
    expect(() => renderCluster(cedar, broken)).toThrow(InvalidSite);
    expect(workloadProblems(broken, cedar)).toHaveLength(5);
  });

  test("with those of the site itself, also where a section is broken that workloads don't read", () => {
    const site = patched(sites[0] as object, {
      "api.port": "sixty",
      "storage.cephfs.classes": [{ name: "cephfs", default: true, fileSystem: "other" }],
    });
    const problems = (() => {
      try {
        return validate(site, [workloadRule(() => broken)]) && [];
      } catch (error) {
        return (error as InvalidSite).problems;
      }
    })();
    expect(problems.map(({ path }) => path)).toEqual([
      "api.port",
      "storage.cephfs.classes[0].fileSystem",
      "workloads.forest.owl.image",
      "workloads.forest.owl.limits.milliCores",
      "workloads.forest.owl.limits.memoryMiB",
      `workloads.forest.${"o".repeat(64)}.name`,
      `workloads.forest.${"o".repeat(64)}.ports[0].node`,
    ]);
  });
});
