import { dirname } from "node:path/posix";
import { afterEach, describe, expect, test, vi } from "vitest";
import { objects, parsed, type Rendered } from "./fixtures/objects.ts";
import { birch, cedar, forest, sites } from "./fixtures/sites.ts";
import { folders, renderCluster } from "./index.ts";

const identity = ({ kind, metadata }: Rendered) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

describe.each(sites)("the cluster's folder of $name", (site) => {
  const files = renderCluster(site, site === cedar ? [forest] : []);

  test("is one named object a file, and the script that hands the cluster over", () => {
    expect(files.filter(({ path }) => !path.endsWith(".yaml")).map(({ path }) => path)).toEqual([
      "cluster/bootstrap.sh",
    ]);
    for (const { path, object } of parsed(files)) {
      expect(object, path).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
      expect(object.metadata.name, path).toMatch(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
    }
  });

  test("has no empty list or object, which the API server drops: each apply would be a change", () => {
    for (const { path, object } of parsed(files)) expectNothingEmpty(object, path);
  });

  test("has no object twice", () => {
    const identities = objects(files).map(identity);
    expect(identities).toEqual([...new Set(identities)]);
  });

  test("lists, in each folder's kustomization.yaml, exactly the files beside it", () => {
    const lists = parsed(files).filter(({ path }) => path.endsWith("/kustomization.yaml"));
    // Without CephFS its folder isn't there at all.
    const own = Object.values(folders).filter((folder) => site === cedar || folder !== folders.storage);
    expect(lists.map(({ path }) => dirname(path)).sort()).toEqual(own.sort());
    for (const { path, object } of lists) {
      const beside = files.filter((file) => file.path.startsWith(`${dirname(path)}/`) && file.path !== path);
      expect(object.resources.map((name: string) => `${dirname(path)}/${name}`)).toEqual(
        beside.map((file) => file.path),
      );
    }
  });

  test("has every key sorted, every file ended", () => {
    for (const { path, object, text } of parsed(files)) {
      expectSorted(object, path);
      expect(text.endsWith("\n"), path).toBe(true);
    }
  });

  test("binds only roles that are there to accounts that are there", () => {
    const known = new Set(objects(files).map(identity));
    const bindings = objects(files).filter(({ kind }) => kind.endsWith("RoleBinding"));
    for (const { metadata, roleRef, subjects } of bindings) {
      const namespace = roleRef.kind === "Role" ? metadata.namespace : "";
      expect(known, metadata.name).toContain(`${roleRef.kind} ${namespace}/${roleRef.name}`);
      for (const { kind, name, namespace } of subjects) {
        if (kind === "ServiceAccount") expect(known, metadata.name).toContain(`ServiceAccount ${namespace}/${name}`);
        // Who a client certificate names; of these nothing is rendered.
        else expect(["User system:kube-controller-manager", "User molly-verify"]).toContain(`${kind} ${name}`);
      }
    }
  });
});

describe("rendering", () => {
  afterEach(() => void vi.unstubAllEnvs());

  test("twice gives the same bytes, whatever the environment says", () => {
    const before = renderCluster(cedar, [forest]);
    vi.stubEnv("CDK8S_DISABLE_SORT", "1");
    vi.stubEnv("CDK8S_OUTDIR", "/nowhere");
    vi.stubEnv("TZ", "Asia/Kathmandu");
    vi.stubEnv("LC_ALL", "tr_TR.UTF-8");
    expect(renderCluster(cedar, [forest])).toEqual(before);
  });

  test("of one site holds nothing of another", () => {
    const text = renderCluster(birch)
      .map((file) => file.path + file.text)
      .join("");
    for (const foreign of [
      cedar.name,
      cedar.kubernetes.podNetwork,
      cedar.network.interface,
      "kube0",
      "10.0.1.",
      "ens18",
      "10.244.",
    ]) {
      expect(text).not.toContain(foreign);
    }
  });
});

function expectSorted(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) expect(Object.keys(value), path).toEqual(Object.keys(value).toSorted());
  for (const inner of Object.values(value)) expectSorted(inner, path);
}

/** Where empty means something: every pod, every namespace, a folder of the pod's own, whatever has no group, no workload. */
const meaningfullyEmpty = /(podSelector|namespaceSelector|emptyDir|status|workloads\/kustomization.yaml\/resources)$/;

function expectNothingEmpty(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  if (!meaningfullyEmpty.test(path)) expect(Object.keys(value), path).not.toEqual([]);
  for (const [key, inner] of Object.entries(value)) expectNothingEmpty(inner, `${path}/${key}`);
}
