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
    // In whose name it asks: nobody has set anything by it.
    expect(await stored("json", "--show-managed-fields")).not.toContain("molly-drift");
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
    const { name, tree } = await rendered();
    const path = `${site.name}/cluster/workloads/examples/deployment-echo.yaml`;
    const { text = "", executable = false } = tree.get(path) ?? {};
    const changed = text.replace(/(selector:\n\s+matchLabels:\n\s+\S+: )\S+/, "$1other");
    expect(changed).not.toBe(text);
    const side = { name, tree: new Map([...tree, [path, { text: changed, executable }]]) };
    const { from, to, findings: more } = await liveSides(site.name, side, kubectl);
    const all = compareTrees(from, to, new Map(), more).sites.flatMap((one) => one.findings);
    expect(all.filter(({ topic }) => topic === "refused").map(({ where, what }) => `${where}: ${what}`)).toEqual([
      expect.stringMatching(/^Deployment examples\/echo: The API refuses it as it is rendered: .*(immutable|selector)/),
    ]);
  });

  test("resumed, Flux undoes every one of them: nothing differs any more", async () => {
    await suspend(false);
    for (const name of ["policies", "workloads"]) await reconcile(plane(), name);
    expect(await findings()).toEqual([]);
  });

  test("an account that may only read is told that it may not ask", async () => {
    const reader: Kubectl = (args, input) => kubectl(["--as", "molly-verify", ...args], input);
    const [item] = await driftOfObjects({ kubectl: reader, tree: below((await rendered()).tree, site.name) });
    expect(item).toMatchObject({ judgement: "unknown", findings: [{ verdict: "unknown" }] });
    expect(item?.findings[0]?.cause).toContain("cannot get resource");
  });
}
