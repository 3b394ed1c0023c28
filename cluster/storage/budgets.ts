import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { driver, namespace } from "./names.ts";

/** Of those that make volumes and snapshots, two each, one stays while nodes are drained. Upstream makes no budgets. */
export function budgets(scope: Construct): void {
  const controller = `${driver}-ctrlplugin`;
  budget(scope, { name: controller, namespace }, { app: controller });
  const snapshots = "snapshot-controller";
  budget(scope, { name: snapshots, namespace: "kube-system" }, { "app.kubernetes.io/name": snapshots });
}

function budget(scope: Construct, metadata: k8s.ObjectMeta, matchLabels: Record<string, string>): void {
  new k8s.KubePodDisruptionBudget(scope, `budget-${metadata.name}`, {
    metadata,
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  });
}
