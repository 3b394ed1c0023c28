import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { namespace, serviceAccounts } from "./names.ts";
import { cniPluginRules, flannelRules, kubeControllersRules, nodeRules, tierGetterRules } from "./rules.ts";

const rbac = "rbac.authorization.k8s.io";

/** Who may do what: a ClusterRole for each of Canal's programs, bound to the account it runs as. */
export function accounts(scope: Construct): void {
  for (const name of Object.values(serviceAccounts)) {
    new k8s.KubeServiceAccount(scope, `account-${name}`, { metadata: { name, namespace } });
  }
  role(scope, "calico-kube-controllers", kubeControllersRules);
  role(scope, "calico-node", nodeRules);
  role(scope, "calico-cni-plugin", cniPluginRules);
  role(scope, "flannel", flannelRules);
  role(scope, "calico-tier-getter", tierGetterRules);

  bind(scope, "calico-kube-controllers", "calico-kube-controllers", account(serviceAccounts.kubeControllers));
  bind(scope, "canal-calico", "calico-node", account(serviceAccounts.node));
  bind(scope, "canal-flannel", "flannel", account(serviceAccounts.node));
  bind(scope, "calico-cni-plugin", "calico-cni-plugin", account(serviceAccounts.cniPlugin));
  // Kubernetes' garbage collector deletes policies for their owners, and Calico asks who may see the policy's tier.
  bind(scope, "calico-tier-getter", "calico-tier-getter", {
    apiGroup: rbac,
    kind: "User",
    name: "system:kube-controller-manager",
  });
}

function role(scope: Construct, name: string, rules: k8s.PolicyRule[]): void {
  new k8s.KubeClusterRole(scope, `role-${name}`, { metadata: { name }, rules });
}

function bind(scope: Construct, name: string, roleName: string, subject: k8s.Subject): void {
  new k8s.KubeClusterRoleBinding(scope, `binding-${name}`, {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: roleName },
    subjects: [subject],
  });
}

const account = (name: string): k8s.Subject => ({ kind: "ServiceAccount", name, namespace });
