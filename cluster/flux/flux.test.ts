import { describe, expect, test } from "vitest";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { cedar, sites } from "../fixtures/sites.ts";
import { folders, renderCluster } from "../index.ts";

const kustomizations = (site: typeof cedar): Rendered[] =>
  objects(renderCluster(site)).filter(({ kind }) => kind === "Kustomization");

describe.each(sites)("Flux for $name", (site) => {
  test("applies every rendered folder, from where it is in the repository", () => {
    const paths = kustomizations(site).map(({ spec }) => spec.path);
    const expected = Object.values(folders).map((folder) => `./${site.gitops.path}/${site.name}/${folder}`);
    expect(paths.sort()).toEqual(expected.sort());
  });

  test("reads the site's branch of the site's repository", () => {
    const { spec } = find(renderCluster(site), "GitRepository", site.name);
    expect(spec).toMatchObject({ url: site.gitops.url, ref: { branch: site.gitops.branch } });
    for (const kustomization of kustomizations(site)) {
      expect(kustomization.spec.sourceRef).toEqual({ kind: "GitRepository", name: site.name });
    }
  });

  test("has an order without circles, in which the CRDs come before the network", () => {
    const before = new Map<string, string[]>(
      kustomizations(site).map(({ metadata, spec }) => [
        metadata.name,
        (spec.dependsOn ?? []).map(({ name }: Rendered) => name),
      ]),
    );
    expect(before.get("network")).toEqual(["crds"]);
    const done: string[] = [];
    const ready = () =>
      [...before].find(([name, needs]) => !done.includes(name) && needs.every((need) => done.includes(need)));
    for (let next = ready(); next !== undefined; next = ready()) done.push(next[0]);
    expect(done.sort()).toEqual([...before.keys()].sort());
  });

  test("never deletes, and waits for all but itself", () => {
    for (const { metadata, spec } of kustomizations(site)) {
      expect(spec.prune, metadata.name).toBe(false);
      expect(spec.wait, metadata.name).toBe(metadata.name !== "flux");
      expect(spec, metadata.name).toMatchObject({ interval: "10m", retryInterval: "1m", timeout: "10m" });
    }
  });
});

test("the network's Kustomization, as reviewed", () => {
  const file = renderCluster(cedar).find(({ path }) => path.endsWith("/kustomization-network.yaml"));
  expect(file?.text).toMatchInlineSnapshot(`
    "apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: network
      namespace: flux-system
    spec:
      dependsOn:
        - name: crds
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
