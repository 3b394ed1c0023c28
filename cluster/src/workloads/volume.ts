import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { type WorkloadProps } from "./props.ts";

/** The claim for the workload's shared volume. Flux never deletes it, whatever becomes of the workload. */
export function claim(
  scope: Construct,
  namespace: string,
  labels: Record<string, string>,
  { volume }: WorkloadProps,
): void {
  if (volume === undefined) return;
  const { claim: name, sizeGiB, class: storageClassName, existing, readOnly = false } = volume;
  new k8s.KubePersistentVolumeClaim(scope, "claim", {
    metadata: { name, namespace, labels, annotations: { "kustomize.toolkit.fluxcd.io/prune": "disabled" } },
    spec: {
      accessModes: [readOnly && existing !== undefined ? "ReadOnlyMany" : "ReadWriteMany"],
      resources: { requests: { storage: k8s.Quantity.fromString(`${sizeGiB}Gi`) } },
      volumeMode: "Filesystem",
      // A volume of its own is asked for by name, and an empty class keeps a new one from being made.
      ...(existing === undefined
        ? storageClassName === undefined
          ? {}
          : { storageClassName }
        : { volumeName: existing, storageClassName: "" }),
    },
  });
}
