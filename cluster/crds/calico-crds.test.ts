import { describe, expect, test } from "vitest";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar, sites } from "../fixtures/sites.ts";
import { renderCluster } from "../index.ts";

const crds = (site: typeof birch): Rendered[] =>
  objects(renderCluster(site, [])).filter(({ kind }) => kind === "CustomResourceDefinition");

describe.each(sites)("the CRDs of Canal $canal.version", (site) => {
  test("are named after their plural and group, with one version that is served and stored", () => {
    for (const { metadata, spec } of crds(site)) {
      expect(metadata.name).toBe(`${spec.names.plural}.${spec.group}`);
      expect(spec.names.singular).toBe(spec.names.kind.toLowerCase());
      expect(spec.versions).toMatchObject([{ served: true, storage: true }]);
    }
  });

  test("keep every field that they don't know, at every depth", () => {
    for (const { metadata, spec } of crds(site)) expectOpen(spec.versions[0].schema.openAPIV3Schema, metadata.name);
  });

  test("below k8s.io refer to their API review, without which the API server refuses them", () => {
    const protectedGroups = crds(site).filter(({ spec }) => spec.group.endsWith(".k8s.io"));
    expect(protectedGroups).toHaveLength(1);
    expect(protectedGroups[0].metadata.annotations["api-approved.kubernetes.io"]).toMatch(/^https:/);
  });
});

test("each release has its own status subresources and defaults", () => {
  const withStatus = (site: typeof birch) =>
    crds(site)
      .filter(({ spec }) => spec.versions[0].subresources?.status)
      .map(({ spec }) => spec.names.kind);
  const common = ["ClusterNetworkPolicy", "KubeControllersConfiguration"];
  expect(withStatus(birch).sort()).toEqual(common);
  expect(withStatus(cedar).sort()).toEqual([...common, "CalicoNodeStatus", "IPPool", "Tier"].sort());

  const spec = (site: typeof birch, plural: string) =>
    find(renderCluster(site, []), "CustomResourceDefinition", `${plural}.crd.projectcalico.org`).spec.versions[0].schema
      .openAPIV3Schema.properties.spec.properties;
  expect(spec(birch, "ippools")).toEqual({ assignmentMode: { type: "string", default: "Automatic" } });
  expect(spec(cedar, "ippools")).toEqual({
    assignmentMode: { type: "string", default: "Automatic" },
    nodeSelector: { type: "string", default: "all()" },
  });
  expect(spec(birch, "ipamblocks")).toEqual({ sequenceNumber: { type: "integer", default: 0 } });
});

/** Every object in the schema is open; a leaf carries a default. */
function expectOpen(schema: Rendered, where: string): void {
  if (schema.type !== "object") return expect(schema, where).toHaveProperty("default");
  expect(schema["x-kubernetes-preserve-unknown-fields"], where).toBe(true);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) expectOpen(inner, `${where}.${name}`);
}
