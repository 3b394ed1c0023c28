/**
 * What the compiled programs, which are older than the Canal that is rendered, read at their start and 3.32 no more: settings
 * of before Calico 3, and the policies that ClusterNetworkPolicy replaced. None is ever there; refused, Felix would wait.
 */
export const olderCalicoRights = (): string =>
  [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name },
      rules: [
        { apiGroups: ["crd.projectcalico.org"], resources: ["globalfelixconfigs"], verbs: ["get"] },
        {
          apiGroups: ["policy.networking.k8s.io"],
          resources: ["adminnetworkpolicies", "baselineadminnetworkpolicies"],
          verbs: ["list", "watch"],
        },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name: "canal", namespace: "kube-system" }],
    },
  ]
    .map((object) => JSON.stringify(object))
    .join("\n---\n");

const name = "molly-replica-older-calico";
