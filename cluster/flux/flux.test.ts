import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar, forest, spruce } from "../fixtures/sites.ts";
import { folders, renderCluster } from "../index.ts";

const sites = [birch, cedar, spruce];
const render = (site: typeof cedar) => renderCluster(site, site === birch ? [] : [forest]);
const kustomizations = (site: typeof cedar): Rendered[] =>
  objects(render(site)).filter(({ kind }) => kind === "Kustomization");
const own = (site: typeof cedar) => kustomizations(site).filter(({ spec }) => spec.sourceRef.name === site.name);
const named = (site: typeof cedar, name: string) => find(render(site), "Kustomization", name).spec;

describe.each(sites)("Flux for $name", (site) => {
  test("applies every rendered folder, from where it is in the repository", () => {
    const rendered = new Set(render(site).map(({ path }) => path));
    const present = Object.values(folders).filter((folder) => rendered.has(`${folder}/kustomization.yaml`));
    const expected = present.map((folder) => `./${site.gitops.path}/${site.name}/${folder}`);
    const paths = own(site).map(({ spec }) => spec.path);
    expect(paths.filter((path) => path.startsWith(`./${site.gitops.path}/`)).sort()).toEqual(expected.sort());
  });

  test("has an order without circles, in which all that is waited for is there", () => {
    const before = new Map<string, string[]>(
      kustomizations(site).map(({ metadata, spec }) => [
        metadata.name,
        (spec.dependsOn ?? []).map(({ name }: Rendered) => name),
      ]),
    );
    const done: string[] = [];
    const ready = () =>
      [...before].find(([name, needs]) => !done.includes(name) && needs.every((need) => done.includes(need)));
    for (let next = ready(); next !== undefined; next = ready()) done.push(next[0]);
    expect(done.sort()).toEqual([...before.keys()].sort());
  });

  test("deletes nothing that data or the network hangs on", () => {
    const pruned = kustomizations(site).filter(({ spec }) => spec.prune);
    expect(pruned.map(({ metadata }) => metadata.name).filter((name) => name !== "workloads")).toEqual([
      "monitoring",
      "policies",
    ]);
    for (const { kind, metadata } of objects(render(site))) {
      const kept = metadata.annotations?.["kustomize.toolkit.fluxcd.io/prune"] === "disabled";
      // What is applied with pruning, and would take data or names with it.
      if (kind === "PersistentVolumeClaim" || metadata.name === "coredns") {
        expect(kept || kind === "PodDisruptionBudget", `${kind} ${metadata.name}`).toBe(true);
      }
    }
  });

  test("waits for all but itself, and tries again soon", () => {
    for (const { metadata, spec } of kustomizations(site)) {
      if (metadata.name === "storage") expect(spec.healthChecks.length).toBeGreaterThan(1);
      else expect(spec.wait, metadata.name).toBe(metadata.name !== "flux");
      expect(spec, metadata.name).toMatchObject({ interval: "10m", retryInterval: "1m", timeout: "10m" });
    }
  });

  test("takes what upstream publishes from a release, never from a branch", () => {
    const upstream = objects(render(site)).filter(
      ({ kind, metadata }) => kind === "GitRepository" && metadata.name !== site.name,
    );
    for (const { metadata, spec } of upstream)
      expect(spec.ref, metadata.name).toEqual({ tag: expect.stringMatching(/^v\d+\.\d+\.\d+$/) });
    const sources = new Set(upstream.map(({ metadata }) => metadata.name));
    for (const { spec } of kustomizations(site)) {
      if (spec.sourceRef.name !== site.name) expect(sources).toContain(spec.sourceRef.name);
    }
    const used = new Set(kustomizations(site).map(({ spec }) => spec.sourceRef.name));
    expect([...sources].filter((name) => !used.has(name))).toEqual([]);
  });
});

test("kinds, network, storage, policies, workloads come in this order", () => {
  const before = (name: string): string[] =>
    (named(cedar, name).dependsOn ?? []).flatMap((need: Rendered) => [need.name, ...before(need.name)]);
  expect(before("network")).toEqual(["crds"]);
  expect(before("storage")).toEqual(
    expect.arrayContaining(["crds", "network", "crds-snapshot", "ceph-csi-operator", "secrets"]),
  );
  expect(before("policies")).toContain("storage");
  expect(before("workloads")).toContain("policies");
});

describe.each(["network", "storage"])("a DaemonSet of %s", (name) => {
  /** What the expression uses of CEL means the same in JavaScript; counts of 0 are left out, as the API server does. */
  const isReady = (desired: number, { updated = desired, available = desired, observed = 3 }): boolean => {
    const { current } = named(cedar, name).healthCheckExprs.find(({ kind }: Rendered) => kind === "DaemonSet");
    const status = {
      desiredNumberScheduled: desired,
      ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
      ...(available > 0 ? { numberAvailable: available } : {}),
      ...(observed > 0 ? { observedGeneration: observed } : {}),
    };
    const has = (value: unknown) => value !== undefined;
    return runInNewContext(current, { status, metadata: { generation: 3 }, has }) as boolean;
  };

  test("is ready with one node dead, and holds nothing back", () => {
    for (const desired of [2, 3, 5]) expect(isReady(desired, { available: desired - 1 }), `${desired}`).toBe(true);
    for (const desired of [0, 1, 5]) expect(isReady(desired, {}), `${desired}`).toBe(true);
  });

  test("is not with two, with its only one, before all are up to date, or unseen by its controller", () => {
    expect(isReady(5, { available: 3 })).toBe(false);
    expect(isReady(1, { available: 0 })).toBe(false);
    // A release whose first pod doesn't start.
    expect(isReady(5, { updated: 1, available: 4 })).toBe(false);
    expect(isReady(5, { updated: 0 })).toBe(false);
    expect(isReady(5, { observed: 2 })).toBe(false);
    expect(isReady(0, { observed: 0 })).toBe(false);
  });
});

test("what ran last is deleted: without workloads their Kustomization prunes what an empty list leaves", () => {
  for (const tenants of [[], [{ ...forest, workloads: [] }]]) {
    const files = renderCluster(cedar, tenants);
    const { path, prune } = find(files, "Kustomization", "workloads").spec;
    expect(path).toBe(`./rendered/cedar/${folders.workloads}`);
    expect(prune).toBe(true);
    const below = files.filter((file) => file.path.startsWith(`${folders.workloads}/`));
    expect(below.map((file) => file.path)).toEqual([`${folders.workloads}/kustomization.yaml`]);
    expect(parse(below[0]?.text ?? "").resources).toEqual([]);
  }
});

test("a Prometheus operator's own kinds are left as they are; only missing ones are made", () => {
  const [{ target, patch }] = named(cedar, "crds-monitoring").patches;
  expect(target).toEqual({ kind: "CustomResourceDefinition" });
  expect(parse(patch)).toMatchObject({
    kind: "CustomResourceDefinition",
    metadata: { annotations: { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" } },
  });
});

test("the source is a branch of a Git repository, with its key, or an artifact's tag", () => {
  expect(find(render(birch), "GitRepository", "birch").spec).toMatchObject({
    url: "https://git.example.org/birch.git",
    ref: { branch: "main" },
  });
  expect(find(render(birch), "GitRepository", "birch").spec.secretRef).toBeUndefined();
  expect(find(render(cedar), "GitRepository", "cedar").spec).toMatchObject({
    ref: { branch: "live" },
    secretRef: { name: "deploy-key" },
  });
  expect(find(render(spruce), "OCIRepository", "spruce").spec).toMatchObject({
    url: "oci://registry.example.org/spruce",
    ref: { tag: "main" },
  });
  for (const { spec } of own(spruce)) expect(spec.sourceRef).toEqual({ kind: "OCIRepository", name: "spruce" });
});

test("sealed secrets are opened with the cluster's own key; fetched ones are waited for instead", () => {
  expect(named(cedar, "secrets")).toMatchObject({
    path: "./sealed/cedar",
    decryption: { provider: "sops", secretRef: { name: "sops-age" } },
  });
  expect(kustomizations(spruce).map(({ metadata }) => metadata.name)).not.toContain("secrets");
  const checked = (site: typeof cedar) => named(site, "storage").healthChecks.map(({ kind }: Rendered) => kind);
  const judged = (site: typeof cedar) => named(site, "storage").healthCheckExprs.map(({ kind }: Rendered) => kind);
  expect(checked(cedar)).toEqual(["Deployment", "DaemonSet", "PersistentVolume"]);
  expect(judged(cedar)).toEqual(["DaemonSet", "PersistentVolume"]);
  expect(checked(spruce)).toEqual(["Deployment", "DaemonSet", "ExternalSecret", "PersistentVolume"]);
  expect(judged(spruce)).toEqual(["DaemonSet", "ExternalSecret", "PersistentVolume"]);
});

test("failures are told to whom the site names, and to nobody else", () => {
  expect(find(render(cedar), "Provider", "failures").spec).toEqual({
    type: "slack",
    channel: "wood",
    secretRef: { name: "chat" },
  });
  expect(find(render(cedar), "Alert", "failures").spec).toMatchObject({
    eventSeverity: "error",
    eventMetadata: { site: "cedar" },
  });
  expect(objects(render(birch)).map(({ kind }) => kind)).not.toContain("Alert");
});

test("the network's Kustomization, as reviewed", () => {
  const file = render(cedar).find(({ path }) => path.endsWith("/kustomization-network.yaml"));
  expect(file?.text).toMatchInlineSnapshot(`
    "apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: network
      namespace: flux-system
    spec:
      dependsOn:
        - name: crds
      healthCheckExprs:
        - apiVersion: apps/v1
          current: "has(status.observedGeneration) && status.observedGeneration == metadata.generation && (has(status.updatedNumberScheduled) ? status.updatedNumberScheduled : 0) >= status.desiredNumberScheduled && (has(status.numberAvailable) ? status.numberAvailable : 0) >= (status.desiredNumberScheduled > 1 ? status.desiredNumberScheduled - 1 : status.desiredNumberScheduled)"
          kind: DaemonSet
      interval: 10m
      path: ./rendered/cedar/cluster/network/canal
      prune: false
      retryInterval: 1m
      sourceRef:
        kind: GitRepository
        name: cedar
      timeout: 10m
      wait: true
    "
  `);
});
