import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Site, sites, validate } from "@molly/site";
import { type CalledApi, callApi } from "../lab/proxmox/fixtures/call-api.ts";
import { VirtualMachine } from "../lab/proxmox/store/machine.ts";
import { type PreflightStack, preflightStack } from "./index.ts";
import { judgePreflight } from "./judge.ts";
import type { Answer, Ask } from "./proxmox-api.ts";
import { wantedBy, type WantedGrant } from "./wanted.ts";

const whole = validate(sites[0] ?? {});
/** The two servers of the API here. */
const site: Site = { ...whole, servers: whole.servers.slice(0, 2) };
const caller = "terraform@pve!molly";
const token = `the token ${caller}`;
const grants: readonly WantedGrant[] = [
  { role: "machines", path: "/vms", propagate: true, privileges: ["VM.Allocate", "VM.Audit", "VM.Config.CPU"] },
  { role: "storage", path: "/storage", propagate: true, privileges: ["Datastore.Allocate", "Datastore.Audit"] },
  { role: "cluster", path: "/", propagate: false, privileges: ["Sys.Audit", "Sys.Console"] },
];

let api: CalledApi;

beforeEach(async () => {
  api = await callApi();
  const { access, storages } = api.cluster;
  access.users.set("terraform@pve", {
    ...{ userid: "terraform@pve", enable: true },
    tokens: new Map([["molly", { secret: "s", privsep: false, expire: 0 }]]),
  });
  for (const { role, privileges } of grants) access.roles.set(role, new Set(privileges));
  access.grants = grants.map(({ role, path, propagate }) => ({
    ...{ path, propagate, type: "user", ugid: "terraform@pve", roleid: role },
  }));
  configure(storages.get("cephfs")?.storage ?? "", "import", "snippets");
});
afterEach(() => api[Symbol.asyncDispose]());

/** Says what a storage may hold. */
function configure(storage: string, ...content: string[]): void {
  const found = api.cluster.storages.get(storage);
  if (found === undefined) throw new Error(`There is no storage ${storage}.`);
  found.content = content;
}

function withhold(privilege: string): void {
  const { roles } = api.cluster.access;
  for (const [name, held] of roles) roles.set(name, new Set([...held].filter((one) => one !== privilege)));
}

/** One that is there already. */
function machine(vmid: number, name: string): void {
  const made = new VirtualMachine(vmid, "pve1");
  made.config = { name };
  api.cluster.machines.set(vmid, made);
}

interface Asked {
  readonly stack?: PreflightStack;
  readonly of?: Site;
  /** What some servers answer instead, by name. */
  readonly instead?: Readonly<Record<string, Answer>>;
}

/** What is told, as `where: cause`. */
async function told({ stack = "machines", of = site, instead = {} }: Asked = {}): Promise<string[]> {
  const ask: Ask = async (address, path) => {
    const server = of.servers.find((one) => one.address === address)?.name ?? "";
    const { status, reason, data } = await api.ask("GET", path, undefined, caller);
    return instead[server] ?? (status === 200 ? { data } : { status, reason });
  };
  const findings = await preflightStack({ site: of, stack, grants, token: `${caller}=s`, ask });
  return findings.map(({ where, cause }) => `${where}: ${cause}`);
}

describe("nothing is told", () => {
  test.for(["ceph", "machines", "gateway"] as const)("of the stack %s where all is as it wants it", async (stack) => {
    expect(await told({ stack })).toEqual([]);
  });

  test("of machines that are the site's own", async () => {
    machine(103, "kube3");
    expect(await told()).toEqual([]);
  });

  test("of storages to the stack that makes them", async () => {
    api.cluster.storages.clear();
    expect(await told({ stack: "ceph" })).toEqual([]);
  });
});

describe("what stands in the way is told", () => {
  test.for([
    ["VM.Config.CPU", "/vms"],
    ["Datastore.Allocate", "/storage"],
    ["Sys.Console", "/"],
  ] as const)("a privilege that is missing, by its name: %s", async ([privilege, path]) => {
    withhold(privilege);
    expect(await told()).toEqual([`${token}: lacks ${privilege} on ${path}`]);
  });

  test("a right to see storages that is missing, instead of storages that are not seen", async () => {
    withhold("Datastore.Audit");
    expect(await told()).toEqual([`${token}: lacks Datastore.Audit on /storage`]);
  });

  test("privileges that hold at their path alone", async () => {
    api.cluster.access.grants = api.cluster.access.grants.map((grant) => ({ ...grant, propagate: false }));
    expect(await told({ stack: "ceph" })).toEqual([
      `${token}: has VM.Allocate, VM.Audit and VM.Config.CPU on /vms alone, not below`,
      `${token}: has Datastore.Allocate and Datastore.Audit on /storage alone, not below`,
    ]);
  });

  test("a token that is refused, once for all servers", async () => {
    const answer = { status: 401, reason: "invalid token value!" };
    expect(await told({ instead: { pve0: answer, pve1: answer } })).toEqual([
      `${token}: is refused: invalid token value!`,
    ]);
  });

  test("servers that don't answer, each with the reason; the others are still asked", async () => {
    withhold("VM.Audit");
    expect(await told({ instead: { pve0: { silent: "connect ECONNREFUSED 10.0.1.10:8006" } } })).toEqual([
      "pve0 (10.0.1.10): does not answer: connect ECONNREFUSED 10.0.1.10:8006",
      `${token}: lacks VM.Audit on /vms`,
    ]);
  });

  test("a server that is not in the cluster", async () => {
    expect(await told({ of: { ...site, servers: whole.servers.slice(0, 3) }, stack: "ceph" })).toEqual([
      "pve2: is no server of the cluster, which has pve0 and pve1",
    ]);
  });

  test("a storage that is not there, and a content type that is missing", async () => {
    configure("cephfs", "import");
    api.cluster.storages.delete("vm");
    expect(await told()).toEqual([
      "the storage vm: is not there on pve0 and pve1",
      "the storage cephfs: is not configured for the content 'snippets'",
    ]);
  });

  test("a stranger's machine under a number of the site", async () => {
    machine(103, "old-database");
    expect(await told()).toEqual(["the machine 103: is old-database on pve1, which the provider would take for kube3"]);
  });

  test("all of it at once", async () => {
    withhold("VM.Config.CPU");
    withhold("Sys.Console");
    machine(103, "old-database");
    configure("cephfs", "snippets");
    expect(await told({ instead: { pve1: { silent: "no answer within 10 s" } } })).toEqual([
      "pve1 (10.0.1.11): does not answer: no answer within 10 s",
      `${token}: lacks VM.Config.CPU on /vms`,
      `${token}: lacks Sys.Console on /`,
      "the storage cephfs: is not configured for the content 'import'",
      "the machine 103: is old-database on pve1, which the provider would take for kube3",
    ]);
  });
});

test("a storage that a server could not mount, and a server that the cluster has lost", () => {
  const wanted = wantedBy(site, "machines", []);
  const storages = (active: number): Answer => ({
    data: [
      { storage: "vm", content: "images", active: 1 },
      { storage: "cephfs", content: "snippets,import", active },
    ],
  });
  const version: Answer = { data: { version: "9.2.6" } };
  const seen = {
    servers: new Map([
      ["pve0", version],
      ["pve1", version],
    ]),
    members: { data: [{ node: "pve0", status: "online" }, { node: "pve1", status: "offline" }] }, // prettier-ignore
    permissions: new Map<string, Answer>(),
    storages: new Map([
      ["pve0", storages(1)],
      ["pve1", storages(0)],
    ]),
  };
  expect(judgePreflight(wanted, seen, token).map(({ where, cause }) => `${where}: ${cause}`)).toEqual([
    "pve1: is offline to the cluster",
    "the storage cephfs: is not active on pve1",
  ]);
});

test("an answer in a form that is not known leaves it unknown, and never well", async () => {
  const ask: Ask = async () => ({ data: "<html>" });
  const findings = await preflightStack({ site, stack: "machines", grants, token: "t=s", ask });
  expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(["unknown"]));
  expect(findings.map(({ where }) => where)).toContain("the cluster's servers");
});
