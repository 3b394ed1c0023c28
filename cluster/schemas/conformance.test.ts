import { sites, validate } from "@molly/site";
import { describe, expect, test } from "vitest";
import { objects, parsed, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar, forest, spruce } from "../fixtures/sites.ts";
import { renderCluster } from "../index.ts";
import { committedSchemas, formatSchemas, kubernetesFile } from "./committed.ts";
import { conformanceProblems } from "./conformance.ts";
import { kubernetesReleases } from "./sources.ts";
import { storageComponents } from "../upstream/components.ts";
import { crdSources } from "./sources.ts";

const custom = committedSchemas("custom");
const rendered = [
  ...sites.map((site) => renderCluster(validate(site))),
  renderCluster(birch, []),
  renderCluster(cedar, [forest]),
  renderCluster(spruce, []),
];

describe.each(kubernetesReleases)("Kubernetes %s", (version) => {
  const schemas = [committedSchemas(kubernetesFile(version)), custom];

  test("knows every kind that is rendered, each of its fields and their types", () => {
    for (const files of rendered) {
      for (const { path, object } of parsed(files).filter(({ path }) => !path.endsWith("/kustomization.yaml"))) {
        expect(conformanceProblems(object, schemas), path).toEqual([]);
      }
    }
  });
});

describe("a planted mistake is found", () => {
  const schemas = [committedSchemas("kubernetes-1.36"), custom];
  const find = (kind: string): Rendered => {
    const object = rendered.flatMap((files) => objects(files)).find((object) => object.kind === kind);
    return structuredClone(object);
  };
  const planted: [what: string, kind: string, plant: (object: Rendered) => void, problem: string][] = [
    ["a field that doesn't exist", "Deployment", (o) => (o.spec.replica = 1), ".spec.replica: unknown"],
    [
      "one of a container's",
      "DaemonSet",
      (o) => (o.spec.template.spec.containers[0].imagee = "x"),
      ".spec.template.spec.containers[0].imagee: unknown",
    ],
    ["one of metadata's", "ConfigMap", (o) => (o.metadata.nam = "x"), ".metadata.nam: unknown"],
    ["one of a custom kind's metadata's", "Driver", (o) => (o.metadata.label = {}), ".metadata.label: unknown"],
    ["a number as text", "Deployment", (o) => (o.spec.replicas = "2"), ".spec.replicas: string, not integer"],
    [
      "a number among a ConfigMap's data",
      "ConfigMap",
      (o) => (o.data.answer = 42),
      ".data.answer: integer, not string",
    ],
    [
      "a quantity as an object",
      "Driver",
      (o) => (o.spec.nodePlugin.resources.plugin.limits.cpu = { value: "1" }),
      ".spec.nodePlugin.resources.plugin.limits.cpu: neither number nor text",
    ],
    ["a missing selector", "Deployment", (o) => delete o.spec.selector, ".spec.selector: required, but missing"],
    [
      "a word that isn't one to choose",
      "Driver",
      (o) => (o.spec.cephFsClientType = "fuse"),
      ".spec.cephFsClientType: none of autodetect, kernel",
    ],
    [
      "a source of another scheme",
      "GitRepository",
      (o) => (o.spec.url = "git@host:x"),
      ".spec.url: not like ^(http|https|ssh)://.*$",
    ],
    ["a top-level field", "StorageClass", (o) => (o.provisionner = "x"), ".provisionner: unknown"],
  ];
  test.each(planted)("%s", (_what, kind, plant, problem) => {
    const object = find(kind);
    expect(conformanceProblems(object, schemas)).toEqual([]);
    plant(object);
    expect(conformanceProblems(object, schemas)).toEqual([problem]);
  });

  test("and a kind that no schema knows is none that conforms", () => {
    expect(conformanceProblems({ apiVersion: "apps/v2", kind: "Deployment" }, schemas)).toBeUndefined();
  });
});

test("the schemas are of the releases that are installed", () => {
  const versionOf = (repository: string) =>
    storageComponents.find(({ repository: { name } }) => name === repository)?.repository.tag;
  const cutFrom = (part: string) =>
    crdSources.find(({ module, repository }) => (module ?? repository)?.includes(part))?.version;
  expect(cutFrom("ceph-csi-operator")).toBe(versionOf("ceph-csi-operator"));
  expect(cutFrom("external-snapshotter")).toBe(versionOf("external-snapshotter"));
  expect(custom.from).toEqual(
    crdSources.map(({ module, repository, version }) => `${module ?? repository} ${version}`),
  );
  expect(kubernetesReleases.map((version) => committedSchemas(kubernetesFile(version)).from)).toEqual(
    kubernetesReleases.map((version) => [`k8s.io/kubernetes v${version}`]),
  );
  expect(JSON.parse(formatSchemas(custom))).toEqual(custom);
});
