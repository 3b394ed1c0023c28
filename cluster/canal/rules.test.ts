import { describe, expect, test } from "vitest";
import { objects, type Rendered } from "../fixtures/objects.ts";
import { birch } from "../fixtures/sites.ts";
import { renderCluster } from "../index.ts";

const network = renderCluster(birch, []).filter(({ path }) => path.startsWith("cluster/network/"));
const roles: Rendered[] = objects(network).filter(({ kind }) => kind === "ClusterRole");
const custom = objects(network).filter(({ kind }) => kind === "CustomResourceDefinition");

describe.each(roles)("the ClusterRole $metadata.name", ({ rules }) => {
  test("grants no verb and no group wholesale, and nothing on Secrets", () => {
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...apiGroups, ...verbs]).not.toContain("*");
      expect(resources).not.toContain("secrets");
    }
  });

  test("is as reviewed", () => {
    const lines = rules.map(({ apiGroups, resources, verbs, resourceNames }: Rendered) =>
      [apiGroups, resources, verbs, resourceNames ?? []].map((part) => part.join(",")).join(" | "),
    );
    expect(lines).toMatchSnapshot();
  });
});

test("calico-node may watch every kind of Calico's but those of its controllers' own", () => {
  const rules: Rendered[] = roles.find(({ metadata }) => metadata.name === "calico-node").rules;
  const watched = rules.filter(({ verbs }) => verbs.includes("watch")).flatMap(({ resources }) => resources);
  const others = custom.map(({ spec }) => spec.names.plural).filter((plural) => !watched.includes(plural));
  expect(others.sort()).toEqual(["ipamconfigs", "ipamhandles", "kubecontrollersconfigurations"]);
});
