import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { byTag, flannelHalf } from "./pod-network.ts";

const folder = join(process.cwd(), "dist", "molly", "cluster", "network", "canal");
const names = (await readdir(folder)).filter((name) => name !== "kustomization.yaml").sort();
const rendered = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec?: {
    template: {
      spec: { containers: { name: string; image: string; args?: string[] }[]; initContainers: { name: string }[] };
    };
  };
}
const objects = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const half = objects(flannelHalf(rendered));
const whole = rendered.flatMap(objects);
const find = (among: Manifest[], kind: string): Manifest | undefined => among.find((object) => object.kind === kind);

describe("flannel's half of Canal", () => {
  test("holds what flannel needs and nothing of Calico", () => {
    expect(half.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual([
      "ClusterRole/flannel",
      "ClusterRoleBinding/canal-flannel",
      "ConfigMap/canal-config",
      "DaemonSet/canal",
      "ServiceAccount/canal",
    ]);
    expect(JSON.stringify(find(half, "DaemonSet"))).not.toMatch(/calico/);
  });

  test("runs the rendered flannel container with the rendered network settings", () => {
    const containers = find(half, "DaemonSet")?.spec?.template.spec.containers ?? [];
    const original = find(whole, "DaemonSet")?.spec?.template.spec.containers.find(
      ({ name }) => name === "kube-flannel",
    );
    expect(containers.map(({ name }) => name)).toEqual(["kube-flannel"]);
    expect(containers[0]?.image).toBe(original?.image);
    expect(containers[0]?.args).toEqual(original?.args);
    expect(find(half, "ConfigMap")?.data?.["net-conf.json"]).toBe(find(whole, "ConfigMap")?.data?.["net-conf.json"]);
  });

  test("says so when the rendered DaemonSet has no flannel", () => {
    const without = rendered.map((text) => text.replaceAll("kube-flannel", "something-else"));
    expect(() => flannelHalf(without)).toThrow(/no container 'kube-flannel'/);
  });
});

test("the replica goes by tags: a digest that the site has is dropped, and nothing else", () => {
  const text = "spec:\n  image: quay.io/calico/node:v3.32.1\n  name: image@sha256\n";
  const pinned = text.replace("v3.32.1", `v3.32.1@sha256:${"a1".repeat(32)}`);
  expect(byTag(pinned)).toBe(text);
  expect(byTag(text)).toBe(text);
  const withDigest = rendered.map((manifest) =>
    manifest.replaceAll(/( image: \S+)$/gm, `$1@sha256:${"a1".repeat(32)}`),
  );
  expect(flannelHalf(withDigest)).toBe(flannelHalf(rendered));
});
