import { expect, test } from "vitest";
import { compareTrees } from "../diff/compare.ts";
import type { Tree } from "../diff/tree.ts";
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

/** An API that keeps ConfigMaps and refuses those of some names; every call is noted. */
function api(stored: readonly Stored[], { refuses = [], forbids }: { refuses?: string[]; forbids?: string } = {}) {
  const calls: string[] = [];
  const said = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: "" });
  const refused = (stderr: string): CommandResult => ({ exitCode: 1, stdout: "", stderr });
  const list = (items: readonly object[]): CommandResult =>
    said(items.length === 1 ? JSON.stringify(items[0]) : JSON.stringify({ kind: "List", items }));
  const kubectl = async ([verb = ""]: readonly string[], input = '{"items":[]}'): Promise<CommandResult> => {
    const asked = (JSON.parse(input) as { items: Stored[] }).items;
    calls.push([verb, ...asked.map(({ metadata }) => metadata.name)].join(" "));
    if (verb === forbids) return refused(`Error from server (Forbidden): you may not ${verb}`);
    if (verb === "api-resources") return said("configmaps   cm   v1   true   ConfigMap\n");
    const found = stored.filter(({ metadata }) => asked.some((one) => one.metadata.name === metadata.name));
    if (verb === "get") return found.length === 0 ? said("") : list(found);
    const wrong = asked.find(({ metadata }) => refuses.includes(metadata.name));
    if (wrong) return refused(`The ConfigMap "${wrong.metadata.name}" is invalid: data: Forbidden: field is immutable`);
    return list(asked.map((one) => merged(stored, one)));
  };
  return { kubectl, calls };
}

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
const told = async (kubectl: ReturnType<typeof api>["kubectl"], files: Tree) =>
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
    { refuses: ["d"] },
  );
  const wanted = names.map((name) => configMap(name, { is: "rendered" }));
  const found = await told(kubectl, tree(...wanted));
  expect(found).toHaveLength(5);
  expect(found.at(-1)).toBe(
    "violated ConfigMap forest/d can't become as it is rendered: data: Forbidden: field is immutable",
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

test("who may not ask is told so, for every folder, after one question", async () => {
  const { kubectl, calls } = api([owl], { forbids: "apply" });
  const two = new Map([
    ...tree(owl),
    ["cluster/zoo/configmap-owl.yaml", { text: JSON.stringify(owl), executable: false }],
  ]);
  const items = await driftOfObjects({ kubectl, tree: two });
  expect(items.map(({ judgement }) => judgement)).toEqual(["unknown", "unknown"]);
  expect(items[1]?.findings[0]?.cause).toMatch(/^The cluster did not tell .* you may not apply$/);
  expect(calls.filter((call) => call.startsWith("apply"))).toHaveLength(1);
});

test("nothing is asked to be applied but as a dry run", async () => {
  const asked: (readonly string[])[] = [];
  const { kubectl } = api([owl, lark]);
  const spy: typeof kubectl = (args, input) => {
    asked.push(args);
    return kubectl(args, input);
  };
  await driftOfObjects({ kubectl: spy, tree: tree(owl, lark) });
  const applying = asked.filter(([verb]) => verb === "apply");
  expect(applying.length).toBeGreaterThan(0);
  for (const args of applying) expect(args).toContain("--dry-run=server");
  expect(new Set(asked.map(([verb]) => verb))).toEqual(new Set(["api-resources", "get", "apply"]));
});

test("as two sides of a comparison: live, and what a sync makes of it; what is refused is dangerous", async () => {
  const site = new Map([...tree(owl, lark)].map(([path, file]) => [`wood/${path}`, file]));
  const { kubectl } = api([configMap("owl", { hoots: "3" }), lark], { refuses: ["lark"] });
  const { from, to, findings } = await liveSides("wood", { name: "the working tree", tree: site }, kubectl);
  const diff = compareTrees(from, to, new Map(), findings);
  expect([diff.from, diff.to, diff.danger]).toEqual(["what is live", "the working tree", "high"]);
  expect(diff.sites[0]?.objects).toMatchObject([
    { object: "ConfigMap forest/owl", fields: [{ path: "data.hoots", before: '"3"', after: '"2"' }] },
  ]);
  expect(diff.sites[0]?.findings[0]).toMatchObject({ topic: "refused", where: ["ConfigMap forest/lark"] });
});
