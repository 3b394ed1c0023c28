import { describe, expect, test } from "vitest";
import { compareTrees } from "../diff/compare.ts";
import type { Tree } from "../diff/tree.ts";
import type { Kubectl } from "../health/look.ts";
import type { CommandResult } from "../target.ts";
import { liveSides } from "./live-sides.ts";
import { driftOfObjects } from "./objects.ts";

interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const configMap = (name: string, data: object, annotations?: object): Stored => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", data },
  metadata: { name, namespace: "forest", ...(annotations === undefined ? {} : { annotations }) },
});
const ssa = (value: string): object => ({ "kustomize.toolkit.fluxcd.io/ssa": value });

interface Trouble {
  /** Names that are refused when they are applied, each with what kubectl says. */
  readonly refuses?: Readonly<Record<string, string>>;
  /** The verb that the account may not. */
  readonly forbids?: string;
  /** Nothing is reached. */
  readonly away?: true;
}

/** An API that keeps ConfigMaps; every call is noted. */
function api(stored: readonly Stored[], { refuses = {}, forbids, away }: Trouble = {}) {
  const calls: (readonly string[])[] = [];
  const said = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: "" });
  const refused = (stderr: string): CommandResult => ({ exitCode: 1, stdout: "", stderr });
  const list = (items: readonly object[]): CommandResult =>
    said(items.length === 1 ? JSON.stringify(items[0]) : JSON.stringify({ kind: "List", items }));
  const kubectl: Kubectl = async (args, input = '{"items":[]}') => {
    calls.push(args);
    const [verb = ""] = args;
    const asked = (JSON.parse(input) as { items?: Stored[] }).items ?? [JSON.parse(input) as Stored];
    if (away)
      return refused("The connection to the server 10.0.1.99:60443 was refused - did you specify the right host?");
    if (verb === forbids)
      return refused(
        `Error from server (Forbidden): configmaps "owl" is forbidden: User "ann" cannot ${verb} resource`,
      );
    if (args.includes("--raw"))
      return args.includes("/api/v1")
        ? said('{"resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true}]}')
        : refused("Error from server (NotFound): the server could not find the requested resource");
    const found = stored.filter(({ metadata }) => asked.some((one) => one.metadata.name === metadata.name));
    if (verb === "get") return found.length === 0 ? said("") : list(found);
    if (verb === "create") return list(asked);
    const wrong = asked.find(({ metadata }) => metadata.name in refuses);
    return wrong ? refused(refuses[wrong.metadata.name] ?? "") : list(asked.map((one) => merged(stored, one)));
  };
  return { kubectl, calls };
}

const immutable = (name: string): string =>
  `The ConfigMap "${name}" is invalid: data: Invalid value: {"password":"hunter2"}: field is immutable when it is set`;

const merged = (stored: readonly Stored[], wanted: Stored): Stored => {
  const now = stored.find(({ metadata }) => metadata.name === wanted.metadata.name);
  return {
    ...now,
    ...wanted,
    metadata: { ...now?.metadata, ...wanted.metadata },
    data: { ...(now?.["data"] as object), ...(wanted["data"] as object) },
  };
};

const tree = (...objects: readonly Stored[]): Tree =>
  new Map(
    objects.map((object) => [
      `cluster/trees/configmap-${object.metadata.name}.yaml`,
      { text: JSON.stringify(object), executable: false },
    ]),
  );
const told = async (kubectl: Kubectl, files: Tree) =>
  (await driftOfObjects({ kubectl, tree: files })).flatMap(({ findings }) =>
    findings.map(({ verdict, where, cause }) => `${verdict} ${where} ${cause}`),
  );

const owl = configMap("owl", { hoots: "2" });
const lark = configMap("lark", { sings: "yes" });

test("an object as it is rendered is no drift, whatever the API adds", async () => {
  const { kubectl } = api([{ ...owl, metadata: { ...owl.metadata, uid: "1", resourceVersion: "7" } }]);
  const items = await driftOfObjects({ kubectl, tree: tree(owl) });
  expect(items).toMatchObject([
    { name: "objects-trees", judgement: "ok", summary: "1 object is as rendered.", findings: [] },
  ]);
});

test("what is missing, what differs and what is of a kind that the cluster does not know is named", async () => {
  const { kubectl } = api([configMap("owl", { hoots: "3" })]);
  const cuckoo = { ...configMap("cuckoo", {}), apiVersion: "birds/v1", kind: "Clock" };
  expect(await told(kubectl, tree(owl, lark, cuckoo))).toEqual([
    "violated Clock forest/cuckoo is not in the cluster",
    "violated ConfigMap forest/lark is not in the cluster",
    'violated ConfigMap forest/owl differs: data.hoots is "3", rendered "2"',
  ]);
});

test("one that is refused is named, and hides none of the others", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const { kubectl } = api(
    names.map((name) => configMap(name, { is: "live" })),
    { refuses: { d: immutable("d") } },
  );
  const wanted = names.map((name) => configMap(name, { is: "rendered" }));
  const found = await told(kubectl, tree(...wanted));
  expect(found).toHaveLength(5);
  expect(found.at(-1)).toBe(
    "violated ConfigMap forest/d can't become as it is rendered: data: Invalid value: field is immutable when it is set",
  );
});

test("Flux's own policies are kept: ignored, only made where missing, merged", async () => {
  const [ignored, once, mixed] = ["Ignore", "IfNotPresent", "Merge"].map((policy) =>
    configMap(policy.toLowerCase(), { is: "rendered" }, ssa(policy)),
  ) as [Stored, Stored, Stored];
  const hands = { manager: "kubectl-edit", fieldsV1: { "f:data": { "f:more": {} } } };
  const live = [
    configMap("ignore", { is: "live" }),
    configMap("ifnotpresent", { is: "live" }, ssa("IfNotPresent")),
    {
      ...configMap("merge", { is: "rendered", more: "by hand" }, ssa("Merge")),
      metadata: { ...mixed.metadata, managedFields: [hands] },
    },
  ];
  expect(await told(api(live).kubectl, tree(ignored, once, mixed))).toEqual([]);
  expect(await told(api([]).kubectl, tree(ignored, once))).toEqual([
    "violated ConfigMap forest/ifnotpresent is not in the cluster",
  ]);
});

test("a secret that differs is named and not shown", async () => {
  const { kubectl } = api([configMap("owl", { hoots: "2", password: "hunter2" })]);
  const found = await told(kubectl, tree(configMap("owl", { hoots: "2", password: "correct horse" })));
  expect(found.join()).toContain("data.password");
  expect(found.join()).not.toMatch(/hunter2|correct horse/);
});

describe("what could not be asked is unknown, and said so", () => {
  const two = new Map([
    ...tree(owl),
    ["cluster/zoo/configmap-owl.yaml", { text: JSON.stringify(owl), executable: false }],
  ]);

  test("of an account that may not apply", async () => {
    const { kubectl } = api([owl], { forbids: "apply" });
    const items = await driftOfObjects({ kubectl, tree: two });
    expect(items.map(({ judgement }) => judgement)).toEqual(["unknown", "unknown"]);
    expect(items[1]?.findings[0]?.cause).toMatch(/^The cluster's API could not be asked\. .*cannot apply resource$/);
  });

  test("of an API that is away, which is asked once", async () => {
    const { kubectl, calls } = api([owl], { away: true });
    const items = await driftOfObjects({ kubectl, tree: two });
    expect(items.map(({ judgement }) => judgement)).toEqual(["unknown", "unknown"]);
    expect(calls).toHaveLength(1);
  });

  test("of one object, when the API has trouble of its own; the others are judged", async () => {
    const webhook =
      "Error from server (InternalError): Internal error occurred: failed calling webhook: connection refused";
    const { kubectl } = api([configMap("owl", { hoots: "3" }), lark], { refuses: { lark: webhook } });
    expect(await told(kubectl, tree(owl, lark))).toEqual([
      'violated ConfigMap forest/owl differs: data.hoots is "3", rendered "2"',
      expect.stringMatching(/^unknown ConfigMap forest\/lark could not be compared: .*failed calling webhook/),
    ]);
  });
});

test("an object that is being deleted is named, though it is as rendered", async () => {
  const dying = { ...owl, metadata: { ...owl.metadata, deletionTimestamp: "2026-11-24T00:00:00Z" } };
  expect(await told(api([dying]).kubectl, tree(owl))).toEqual([
    "violated ConfigMap forest/owl is being deleted since 2026-11-24T00:00:00Z",
  ]);
});

test("an object that somebody told Flux to leave alone is named, and nothing of what a sync would do", async () => {
  const alone = configMap("owl", { hoots: "9" }, { "kustomize.toolkit.fluxcd.io/reconcile": "Disabled" });
  expect(await told(api([alone]).kubectl, tree(owl))).toEqual([
    "violated ConfigMap forest/owl is not synced any more: an annotation tells Flux to leave it alone",
  ]);
});

test("a file that can't be read is named, and the others are judged", async () => {
  const files = new Map([
    ...tree(owl),
    ["cluster/trees/broken.yaml", { text: "<<<<<<< HEAD\na: 1\n", executable: false }],
  ]);
  const found = await told(api([]).kubectl, files);
  expect(found).toEqual([
    "violated ConfigMap forest/owl is not in the cluster",
    expect.stringMatching(/^violated cluster\/trees\/broken\.yaml can't be read: /),
  ]);
});

test("what Flux applied it is asked about in Flux's name and with Flux's marks, which the API would else take for removed", async () => {
  const marks = { "kustomize.toolkit.fluxcd.io/name": "trees", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" };
  const { kubectl } = api([{ ...owl, metadata: { ...owl.metadata, labels: { ...marks, other: "1" } } }]);
  const sent: string[] = [];
  const spy: Kubectl = (args, input) => {
    if (args[0] === "apply") sent.push(input ?? "", args.join(" "));
    return kubectl(args, input);
  };
  await driftOfObjects({ kubectl: spy, tree: tree(owl) });
  expect(sent[0]).toContain(JSON.stringify({ name: "owl", namespace: "forest", labels: marks }));
  expect(sent[1]).toContain("--field-manager=kustomize-controller");
});

test("nothing is asked for but to be read, or as a dry run", async () => {
  const hands = { manager: "kubectl-edit", fieldsV1: { "f:data": { "f:more": {} } } };
  const edited = {
    ...configMap("owl", { hoots: "2", more: "by hand" }),
    metadata: { ...owl.metadata, managedFields: [hands] },
  };
  const { kubectl, calls } = api([edited, lark]);
  expect(await told(kubectl, tree(owl, lark))).toEqual([
    'violated ConfigMap forest/owl differs: data.more is there, "by hand", and not rendered',
  ]);
  expect(new Set(calls.map(([verb]) => verb))).toEqual(new Set(["get", "apply", "create"]));
  for (const args of calls.filter(([verb]) => verb !== "get")) expect(args).toContain("--dry-run=server");
});

test("as two sides of a comparison: live, and what a sync makes of it; what is refused is dangerous", async () => {
  const site = new Map([...tree(owl, lark)].map(([path, file]) => [`wood/${path}`, file]));
  const { kubectl } = api([configMap("owl", { hoots: "3" }), lark], { refuses: { lark: immutable("lark") } });
  const { from, to, findings } = await liveSides("wood", { name: "the working tree", tree: site }, kubectl);
  const diff = compareTrees(from, to, new Map(), findings);
  expect([diff.from, diff.to, diff.danger]).toEqual(["what is live", "the working tree", "high"]);
  expect(diff.sites[0]?.objects).toMatchObject([
    { object: "ConfigMap forest/owl", fields: [{ path: "data.hoots", before: '"3"', after: '"2"' }] },
  ]);
  expect(diff.sites[0]?.findings[0]).toMatchObject({ topic: "refused", where: ["ConfigMap forest/lark"] });
});
