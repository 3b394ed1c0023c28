import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";

const namespace = "kube-system";
const labels = { "k8s-app": "kube-dns" };

/**
 * kubeadm starts both replicas of CoreDNS when there is one node: they stay there together, and with it goes all DNS. What
 * stands here is merged into kubeadm's Deployment, which keeps all the rest: image, arguments and Corefile are kubeadm's.
 */
export function clusterDns(scope: Construct): void {
  new k8s.KubeDeployment(scope, "dns", {
    metadata: {
      name: "coredns",
      namespace,
      annotations: {
        "kustomize.toolkit.fluxcd.io/ssa": "Merge",
        // Not made here: taken out of this repository, it must stay.
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
      },
    },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: "coredns" }],
          topologySpreadConstraints: [
            {
              topologyKey: "kubernetes.io/hostname",
              maxSkew: 1,
              // Two on one node are better than one.
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: labels },
              nodeTaintsPolicy: "Honor",
              matchLabelKeys: ["pod-template-hash"],
            },
          ],
        },
      },
    },
  });
  new k8s.KubePodDisruptionBudget(scope, "dns-budget", {
    metadata: { name: "coredns", namespace },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: labels },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  });
}
