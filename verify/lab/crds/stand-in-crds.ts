/** A kind whose definition is served as no Go module: its name, and nothing of its fields. */
interface StandIn {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export const standIns: readonly StandIn[] = [
  { group: "csi.ceph.io", version: "v1", kind: "CephConnection" },
  { group: "csi.ceph.io", version: "v1", kind: "ClientProfile" },
  { group: "csi.ceph.io", version: "v1", kind: "Driver" },
  { group: "notification.toolkit.fluxcd.io", version: "v1beta3", kind: "Alert" },
  { group: "notification.toolkit.fluxcd.io", version: "v1beta3", kind: "Provider" },
];

/**
 * Definitions that take any field, so that objects of these kinds can be stored at all. What such an API server accepts says
 * nothing about their fields: those are checked against upstream's schemas in cluster/schemas.
 */
export const standInCrds = (): string[] => standIns.map((standIn) => JSON.stringify(definition(standIn)));

function definition({ group, version, kind }: StandIn): object {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { "type": "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope: "Namespaced",
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}
