import { type k8s } from "cdk8s-plus-27";
import { serviceAccounts } from "./names.ts";

const rule = (apiGroup: string | string[], resources: string[], verbs: string[]): k8s.PolicyRule => ({
  apiGroups: [apiGroup].flat(),
  resources,
  verbs,
});

/** Calico's resources: as CRDs, and under the name that they get where its API server or native v3 CRDs are installed. */
const calico = ["projectcalico.org", "crd.projectcalico.org"];
const core = "";
const read = ["get", "list", "watch"];
const listWatch = ["list", "watch"];
const own = ["get", "list", "watch", "create", "update", "delete"];

export const kubeControllersRules: k8s.PolicyRule[] = [
  // A node or pod that is gone gives back its addresses.
  rule(core, ["nodes", "pods", "namespaces"], read),
  rule(calico, ["blockaffinities", "ipamblocks", "ipamhandles", "ipamconfigurations", "ipamconfigs"], own),
  rule(calico, ["ippools", "ipreservations"], listWatch),
  rule(calico, ["tiers", "hostendpoints"], own),
  // LoadBalancer addresses.
  rule(core, ["services", "services/status"], ["get", "list", "update", "watch"]),
  // Its own settings, made on the first start.
  rule(calico, ["clusterinformations", "kubecontrollersconfigurations"], ["get", "list", "watch", "create", "update"]),
  rule(calico, ["kubecontrollersconfigurations/status"], ["get", "update"]),
  // Policies of older releases get their present names.
  rule(calico, ["networkpolicies", "stagednetworkpolicies"], own),
  rule(calico, ["globalnetworkpolicies", "stagedglobalnetworkpolicies"], own),
  // Its migration to native v3 CRDs is always compiled in and watches for its cue.
  rule("apps", ["daemonsets", "deployments"], read),
  rule(
    "migration.projectcalico.org",
    ["datastoremigrations", "datastoremigrations/status"],
    [...read, "create", "update", "patch"],
  ),
  rule("apiextensions.k8s.io", ["customresourcedefinitions"], [...read, "delete"]),
  rule("apiregistration.k8s.io", ["apiservices"], [...read, "create", "delete"]),
  rule("projectcalico.org", ["*"], [...own, "patch"]),
  rule("crd.projectcalico.org", ["*"], read),
  rule("kubevirt.io", ["virtualmachines", "virtualmachineinstances"], read),
];

export const nodeRules: k8s.PolicyRule[] = [
  // The token that Calico's CNI plugin uses, renewed before it expires.
  {
    ...rule(core, ["serviceaccounts/token"], ["create"]),
    resourceNames: [serviceAccounts.node, serviceAccounts.cniPlugin],
  },
  // What policies select.
  rule(core, ["pods", "nodes", "namespaces", "endpoints", "services"], read),
  rule(core, ["serviceaccounts"], listWatch),
  rule("discovery.k8s.io", ["endpointslices"], listWatch),
  rule("networking.k8s.io", ["networkpolicies"], listWatch),
  rule("policy.networking.k8s.io", ["clusternetworkpolicies"], listWatch),
  // kubeadm's own configuration tells the pod network.
  rule(core, ["configmaps"], ["get"]),
  // Clears NetworkUnavailable, keeps notes in annotations.
  rule(core, ["nodes/status"], ["patch", "update"]),
  rule(core, ["pods/status"], ["patch"]),
  rule(
    calico,
    [
      "bgpconfigurations",
      "bgpfilters",
      "bgppeers",
      "blockaffinities",
      "caliconodestatuses",
      "clusterinformations",
      "felixconfigurations",
      "globalnetworkpolicies",
      "globalnetworksets",
      "hostendpoints",
      "ipamblocks",
      "ippools",
      "ipreservations",
      "networkpolicies",
      "networksets",
      "stagedglobalnetworkpolicies",
      "stagedkubernetesnetworkpolicies",
      "stagednetworkpolicies",
      "tiers",
    ],
    read,
  ),
  // Made on the first start.
  rule(calico, ["tiers"], ["create"]),
  rule(calico, ["bgpconfigurations", "clusterinformations", "felixconfigurations", "ippools"], ["create", "update"]),
  rule(calico, ["caliconodestatuses"], ["update"]),
  rule("kubevirt.io", ["virtualmachineinstancemigrations"], read),
];

export const cniPluginRules: k8s.PolicyRule[] = [
  rule(core, ["pods", "nodes", "namespaces"], ["get"]),
  rule(core, ["pods/status"], ["patch"]),
];

export const flannelRules: k8s.PolicyRule[] = [
  rule(core, ["pods"], ["get"]),
  // `get` is missing in Canal's manifest, which has an older flannel: since then it reads its own node directly.
  rule(core, ["nodes"], read),
  rule(core, ["nodes/status"], ["patch"]),
];

export const tierGetterRules: k8s.PolicyRule[] = [rule("projectcalico.org", ["tiers"], ["get"])];
