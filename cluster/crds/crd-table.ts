/** A kind of custom resource, as far as the API server must know it. */
export interface CrdRow {
  readonly kind: string;
  readonly plural: string;
  readonly scope: "Cluster" | "Namespaced";
  /** Default values by dotted path, for what reads the API directly. */
  readonly defaults?: Readonly<Record<string, string | number>>;
}

const cluster = (kind: string, plural: string, defaults?: CrdRow["defaults"]): CrdRow => ({
  kind,
  plural,
  scope: "Cluster",
  defaults,
});

const namespaced = (kind: string, plural: string, defaults?: CrdRow["defaults"]): CrdRow => ({
  ...cluster(kind, plural, defaults),
  scope: "Namespaced",
});

/** `crd.projectcalico.org/v1`: the names, scopes and defaults of Calico 3.32 and 3.33 (manifests/canal.yaml there). */
export const calicoCrdTable: readonly CrdRow[] = [
  cluster("BGPConfiguration", "bgpconfigurations", {
    "spec.logSeverityScreen": "Info",
    "spec.serviceLoadBalancerAggregation": "Enabled",
  }),
  cluster("BGPFilter", "bgpfilters"),
  cluster("BGPPeer", "bgppeers"),
  cluster("BlockAffinity", "blockaffinities"),
  cluster("CalicoNodeStatus", "caliconodestatuses"),
  cluster("ClusterInformation", "clusterinformations"),
  cluster("FelixConfiguration", "felixconfigurations", { "spec.nftablesMode": "Auto" }),
  cluster("GlobalNetworkPolicy", "globalnetworkpolicies", { "spec.tier": "default" }),
  cluster("GlobalNetworkSet", "globalnetworksets"),
  cluster("HostEndpoint", "hostendpoints"),
  cluster("IPAMBlock", "ipamblocks", { "spec.sequenceNumber": 0 }),
  cluster("IPAMConfig", "ipamconfigs"),
  cluster("IPAMHandle", "ipamhandles"),
  cluster("IPPool", "ippools", { "spec.assignmentMode": "Automatic" }),
  cluster("IPReservation", "ipreservations"),
  cluster("KubeControllersConfiguration", "kubecontrollersconfigurations", {
    "spec.controllers.loadBalancer.assignIPs": "AllServices",
    "spec.healthChecks": "Enabled",
  }),
  namespaced("NetworkPolicy", "networkpolicies", { "spec.tier": "default" }),
  namespaced("NetworkSet", "networksets"),
  cluster("StagedGlobalNetworkPolicy", "stagedglobalnetworkpolicies", {
    "spec.stagedAction": "Set",
    "spec.tier": "default",
  }),
  namespaced("StagedKubernetesNetworkPolicy", "stagedkubernetesnetworkpolicies", { "spec.stagedAction": "Set" }),
  namespaced("StagedNetworkPolicy", "stagednetworkpolicies", { "spec.stagedAction": "Set", "spec.tier": "default" }),
  cluster("Tier", "tiers", { "spec.defaultAction": "Deny" }),
];
