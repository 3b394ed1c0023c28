import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";

const name = "molly-verify";
const namespace = "kube-system";
const rbac = "rbac.authorization.k8s.io";

/**
 * The account for `./molly verify` against the live cluster: it reads, and only what verify reads. Nodes and whether they
 * are Ready (verify/observers/nodes.ts); the nodes' leases, which a long watch is kept on (verify/probes/watch-probe.ts);
 * the API's health, which needs no account.
 */
export function verifier(scope: Construct): void {
  new k8s.KubeServiceAccount(scope, "verifier", {
    metadata: { name, namespace },
    automountServiceAccountToken: false,
  });
  new k8s.KubeClusterRole(scope, "verifier-nodes", {
    metadata: { name },
    rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }],
  });
  new k8s.KubeClusterRoleBinding(scope, "verifier-reads-nodes", {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  new k8s.KubeRole(scope, "verifier-leases", {
    metadata: { name, namespace: "kube-node-lease" },
    rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["list", "watch"] }],
  });
  new k8s.KubeRoleBinding(scope, "verifier-reads-leases", {
    metadata: { name, namespace: "kube-node-lease" },
    roleRef: { apiGroup: rbac, kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
}
