import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";

/** The user of the client certificate that `kubeadm kubeconfig user --client-name molly-verify` makes. */
const name = "molly-verify";
const apiGroup = "rbac.authorization.k8s.io";

/** Anywhere: what the checks in verify/health ask for in every namespace, or in whichever a claim is. */
const everywhere: k8s.PolicyRule[] = [
  { apiGroups: [""], resources: ["nodes", "persistentvolumeclaims", "pods"], verbs: ["list"] },
  { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["gitrepositories", "ocirepositories"], verbs: ["list"] },
  { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"], verbs: ["list"] },
];

/** By namespace, besides. */
const inNamespaces: Readonly<Record<string, k8s.PolicyRule[]>> = {
  // The network's two, by name (verify/health/network-policies.ts).
  "kube-system": [
    { apiGroups: ["apps"], resources: ["daemonsets"], resourceNames: ["canal"], verbs: ["get"] },
    {
      apiGroups: ["networking.k8s.io"],
      resources: ["networkpolicies"],
      resourceNames: ["default-deny"],
      verbs: ["get"],
    },
  ],
  // Flux's programs (verify/health/flux-controllers.ts).
  "flux-system": [
    {
      apiGroups: ["apps"],
      resources: ["deployments"],
      resourceNames: ["kustomize-controller", "source-controller"],
      verbs: ["get"],
    },
  ],
  // A long watch is kept on the nodes' leases (verify/probes/watch-probe.ts).
  "kube-node-lease": [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["list", "watch"] }],
};

/**
 * The account for `./molly verify --kubeconfig` against the live cluster: it reads, and only what verify reads. Secrets are
 * not among it, so the check `join-secrets` is unknown to it. The API's health needs no account.
 */
export function verifier(scope: Construct): void {
  const subjects = [{ apiGroup, kind: "User", name }];
  new k8s.KubeClusterRole(scope, "verifier", { metadata: { name }, rules: everywhere });
  new k8s.KubeClusterRoleBinding(scope, "verifier-reads", {
    metadata: { name },
    roleRef: { apiGroup, kind: "ClusterRole", name },
    subjects,
  });
  for (const [namespace, rules] of Object.entries(inNamespaces)) {
    const metadata = { name, namespace };
    new k8s.KubeRole(scope, `verifier-${namespace}`, { metadata, rules });
    new k8s.KubeRoleBinding(scope, `verifier-reads-${namespace}`, {
      metadata,
      roleRef: { apiGroup, kind: "Role", name },
      subjects,
    });
  }
}
