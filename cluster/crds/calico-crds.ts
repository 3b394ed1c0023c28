import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { type CanalRelease } from "../canal/release.ts";
import { NamedChart } from "../named-chart.ts";
import { calicoCrdTable, type CrdRow } from "./crd-table.ts";
import { openSchema } from "./open-schema.ts";

export interface CalicoCrdsProps {
  readonly release: CanalRelease;
}

/**
 * The kinds of resources that Calico keeps its state and its policies in.
 *
 * Their schemas are open (decisions/0005): Calico checks what it reads by itself, in every release more strictly.
 * What the API server alone can do for it, defaults and the status subresource, is here.
 */
export class CalicoCrds extends NamedChart {
  constructor(scope: Construct, id: string, { release }: CalicoCrdsProps) {
    super(scope, id);
    for (const row of calicoCrdTable) {
      const status = release.statusSubresources.includes(row.plural);
      customResource(this, row, "crd.projectcalico.org", {
        name: "v1",
        schema: { openApiv3Schema: openSchema({ ...row.defaults, ...release.crdDefaults[row.plural] }) },
        ...(status ? { subresources: { status: {} } } : {}),
      });
    }
    clusterNetworkPolicies(this);
  }
}

/** Kubernetes' own cluster-wide policies, which Calico carries out too. */
function clusterNetworkPolicies(scope: Construct): void {
  const row: CrdRow = { kind: "ClusterNetworkPolicy", plural: "clusternetworkpolicies", scope: "Cluster" };
  const version = {
    name: "v1alpha2",
    schema: { openApiv3Schema: openSchema({}) },
    subresources: { status: {} },
    additionalPrinterColumns: [
      { name: "Tier", type: "string", jsonPath: ".spec.tier" },
      { name: "Priority", type: "string", jsonPath: ".spec.priority" },
      { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    ],
  };
  customResource(scope, row, "policy.networking.k8s.io", version, ["cnp"], {
    // The API server refuses a group below k8s.io without a reference to its API review.
    "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/network-policy-api/pull/347",
  });
}

/** The one version of a kind: served, and the one that is stored. */
function customResource(
  scope: Construct,
  { kind, plural, scope: reach }: CrdRow,
  group: string,
  version: Omit<k8s.CustomResourceDefinitionVersion, "served" | "storage">,
  shortNames?: string[],
  annotations?: Record<string, string>,
): void {
  new k8s.KubeCustomResourceDefinition(scope, plural, {
    metadata: { name: `${plural}.${group}`, annotations },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames },
      scope: reach,
      versions: [{ ...version, served: true, storage: true }],
    },
  });
}
