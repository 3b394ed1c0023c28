import { expect, test } from "vitest";
import type { Site } from "@molly/site";
import { compareTrees } from "../diff/compare.ts";
import { readWorkingTree } from "../diff/read-tree.ts";
import { summarise } from "../diff/render/summary.ts";
import { below, type Side } from "../diff/tree.ts";
import { liveSides } from "../drift/live-sides.ts";
import { driftOfObjects } from "../drift/objects.ts";
import type { Kubectl } from "../health/look.ts";
import type { ControlPlane } from "./control-plane.ts";
import { reconcile } from "./kustomizations.ts";

export interface DriftProps {
  readonly site: Site;
  readonly plane: () => ControlPlane;
  /** What Flux follows, checked out. */
  readonly checkout: () => string;
}

/** Tests in the order in which they stand: Flux is suspended, hands do what hands do, and Flux is resumed. */
export function testDriftOfObjects({ site, plane, checkout }: DriftProps): void {
  const kubectl: Kubectl = (args, input) => plane().attempt(["kubectl", ...args], input === undefined ? {} : { input });
  const rendered = (): Promise<Side> => readWorkingTree(checkout());
  const drift = async () => driftOfObjects({ kubectl, tree: below((await rendered()).tree, site.name) });
  const findings = async () =>
    (await drift()).flatMap(({ findings: all }) => all.map(({ where, cause }) => `${where} ${cause}`)).sort();
  /** What is rendered, with one file changed. */
  const edited = async (path: string, edit: (text: string) => string): Promise<Side> => {
    const { name, tree } = await rendered();
    const whole = `${site.name}/cluster/${path}`;
    const { text = "", executable = false } = tree.get(whole) ?? {};
    const changed = edit(text);
    expect(changed).not.toBe(text);
    return { name, tree: new Map([...tree, [whole, { text: changed, executable }]]) };
  };
  const suspend = async (suspended: boolean): Promise<void> => {
    for (const name of ["policies", "workloads"])
      await plane().kubectl([
        ...["--namespace", "flux-system", "patch", "kustomizations.kustomize.toolkit.fluxcd.io", name],
        ...["--type", "merge", "--patch", JSON.stringify({ spec: { suspend: suspended ? true : null } })],
      ]);
  };
  const kinds = "deployments,daemonsets,configmaps,networkpolicies,services,roles";
  const stored = (...words: readonly string[]): Promise<string> =>
    plane().kubectl(["get", kinds, "--all-namespaces", "--output", ...words]);
  /** How often each was changed in what is wanted of it: controllers write into the status meanwhile. */
  const generations = (): Promise<string> =>
    stored("jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.generation} {end}");

  test("what Flux has applied does not differ from what is rendered, in any object of any folder", async () => {
    const items = await drift();
    expect(items.map(({ name }) => name)).toEqual(
      ["flux", "monitoring", "namespaces", "network", "policies", "storage", "workloads"].map(
        (folder) => `objects-${folder}`,
      ),
    );
    expect(items.flatMap((item) => item.findings)).toEqual([]);
    expect(new Set(items.map(({ judgement }) => judgement))).toEqual(new Set(["ok"]));
    const { from, to, findings: more } = await liveSides(site.name, await rendered(), kubectl);
    expect(compareTrees(from, to, new Map(), more).sites).toEqual([]);
  });

  test("hand edits are named by object and field while Flux is suspended, and asking changes nothing", async () => {
    await suspend(true);
    const examples = ["--namespace", "examples"];
    const patch = (spec: object): string =>
      JSON.stringify({ spec: { template: { spec: { containers: [{ name: "journal", ...spec }] } } } });
    await plane().kubectl([...examples, "set", "image", "deployment/echo", "*=example.org/other:1.0.0"]);
    await plane().kubectl([...examples, "scale", "deployment/journal", "--replicas=7"]);
    await plane().kubectl([
      ...[...examples, "patch", "deployment", "journal", "--patch"],
      patch({ env: [{ name: "API_PASSWORD", value: "hunter2-of-the-test" }] }),
    ]);
    await plane().kubectl([...examples, "label", "service", "echo", "by=hand"]);
    await plane().kubectl([...examples, "delete", "networkpolicy", "default-deny"]);
    await plane().kubectl(["--namespace", "kube-system", "rollout", "restart", "deployment/descheduler"]);
    const before = await generations();

    const told = await findings();
    expect(told).toEqual([
      expect.stringMatching(/^Deployment examples\/echo differs: .*\.image is "example.org\/other:1.0.0", rendered "/),
      expect.stringMatching(/^Deployment examples\/journal differs: .*spec\.replicas is 7, rendered \d/),
      expect.stringMatching(
        /^Deployment kube-system\/descheduler differs: spec\.template\.metadata\.annotations is there, .*restartedAt.* and not rendered$/,
      ),
      "Kustomization flux-system/policies differs: spec.suspend is there, true, and not rendered",
      "Kustomization flux-system/workloads differs: spec.suspend is there, true, and not rendered",
      "NetworkPolicy examples/default-deny is not in the cluster",
      `Service examples/echo differs: metadata.labels.by is there, "hand", and not rendered`,
    ]);
    expect(told[1]).toMatch(/env is there, .*"API_PASSWORD".* and not rendered/);
    expect(told.join()).not.toContain("hunter2");
    expect(await generations()).toBe(before);
    // As which it asks for defaults.
    expect(await stored("name")).not.toContain("molly-drift");
  });

  test("`./molly diff --live` says what a sync would do about them", async () => {
    const { from, to, findings: more } = await liveSides(site.name, await rendered(), kubectl);
    const [change] = compareTrees(from, to, new Map(), more).sites;
    expect(change?.objects.map(({ object, action }) => `${object} ${action}`)).toEqual([
      "Deployment examples/echo changed",
      "Deployment examples/journal changed",
      "Deployment kube-system/descheduler changed",
      "Kustomization flux-system/policies changed",
      "Kustomization flux-system/workloads changed",
      "NetworkPolicy examples/default-deny added",
      "Service examples/echo changed",
    ]);
    const summary = change && summarise(change).topics.flatMap(({ lines }) => lines.map(({ text }) => text));
    expect(summary?.join("\n")).toMatch(
      /^Deployment kube-system\/descheduler: Its pod stops before a new one starts$/m,
    );
    expect(JSON.stringify(change)).not.toContain("hunter2");
  });

  test("what can't become as it is rendered is named, in the API's words", async () => {
    const side = await edited("workloads/examples/deployment-echo.yaml", (text) =>
      text.replace(/(selector:\n\s+matchLabels:\n\s+\S+: )\S+/, "$1other"),
    );
    const { from, to, findings: more } = await liveSides(site.name, side, kubectl);
    const all = compareTrees(from, to, new Map(), more).sites.flatMap((one) => one.findings);
    expect(all.filter(({ topic }) => topic === "refused").map(({ where, what }) => `${where}: ${what}`)).toEqual([
      expect.stringMatching(
        /^Deployment examples\/echo: In the cluster, it can't become as it is rendered: .*field is immutable/,
      ),
    ]);
  });

  test.each([
    {
      what: "a field in place of another that excludes it",
      path: "workloads/examples/deployment-journal.yaml",
      edit: (text: string) =>
        text.replace(/(livenessProbe:\n)( +)exec:\n(?:\2 .*\n)+/, "$1$2tcpSocket:\n$2  port: 80\n"),
      fields: [
        "spec.template.spec.containers[journal].livenessProbe.tcpSocket added",
        "spec.template.spec.containers[journal].livenessProbe.exec removed",
      ],
    },
    {
      what: "a field that goes from an object which others write to as well",
      path: "policies/kube-system/deployment-coredns.yaml",
      edit: (text: string) => text.replace(/^ +topologySpreadConstraints:\n(?:^ {8,}.*\n)+/m, ""),
      fields: ["spec.template.spec.topologySpreadConstraints removed"],
    },
  ])("a commit that was not applied yet is told as what it changes: $what", async ({ path, edit, fields }) => {
    const { from, to, findings: more } = await liveSides(site.name, await edited(path, edit), kubectl);
    const { objects = [], findings: all = [] } = compareTrees(from, to, new Map(), more).sites[0] ?? {};
    expect(all.filter(({ topic }) => topic === "refused")).toEqual([]);
    const told = objects.find(({ file }) => file === `cluster/${path}`)?.fields ?? [];
    expect(told.map((field) => `${field.path} ${field.kind}`)).toEqual(expect.arrayContaining(fields));
  });

  test("resumed, Flux undoes every one of them: nothing differs any more", async () => {
    await suspend(false);
    for (const name of ["policies", "workloads"]) await reconcile(plane(), name);
    expect(await findings()).toEqual([]);
  });

  test("what somebody deletes and applies by hand as it is rendered does not differ, defaults and all", async () => {
    await suspend(true);
    const path = `/work/checkout/dist/${site.name}/cluster/workloads/examples/deployment-journal.yaml`;
    await plane().kubectl(["delete", "--filename", path]);
    await plane().kubectl(["apply", "--filename", path]);
    expect((await findings()).filter((told) => told.includes("journal"))).toEqual([]);
    await suspend(false);
    await reconcile(plane(), "workloads");
  });

  test("an object that Flux is told to leave alone is named", async () => {
    const annotate = (value: string) =>
      plane().kubectl([...["--namespace", "examples", "annotate", "service", "echo"], value]);
    await annotate("kustomize.toolkit.fluxcd.io/reconcile=disabled");
    expect(await findings()).toEqual([
      "Service examples/echo is not synced any more: an annotation tells Flux to leave it alone",
    ]);
    await annotate("kustomize.toolkit.fluxcd.io/reconcile-");
    expect(await findings()).toEqual([]);
  });

  test("an account that may only read is told that it may not ask", async () => {
    const reader: Kubectl = (args, input) => kubectl(["--as", "molly-verify", ...args], input);
    const [item] = await driftOfObjects({ kubectl: reader, tree: below((await rendered()).tree, site.name) });
    expect(item).toMatchObject({ judgement: "unknown", findings: [{ verdict: "unknown" }] });
    expect(item?.findings[0]?.cause).toContain("cannot get resource");
  });
}
