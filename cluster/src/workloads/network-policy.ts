import { type Site } from "@molly/site";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { type Reach, type WorkloadProps } from "./props.ts";

/** One family of addresses: all that there are, and those that are the cluster's own, in CIDR notation. */
interface Family {
  readonly all: string;
  readonly own: readonly string[];
}

export type Networks = readonly Family[];

/** What the machines' own IPv6 addresses are, the site doesn't say: they count as outside. */
export const networksOf = ({ kubernetes, network }: Pick<Site, "kubernetes" | "network">): Networks => {
  const { podNetwork, serviceNetwork, ipv6 } = kubernetes;
  return [
    { all: "0.0.0.0/0", own: [podNetwork, serviceNetwork, network.cidr] },
    ...(ipv6 === undefined ? [] : [{ all: "::/0", own: [ipv6.podNetwork, ipv6.serviceNetwork] }]),
  ];
};

/** Who reaches the workload and whom it reaches; all else is denied by its namespace's own policy. */
export function reachPolicy(
  scope: Construct,
  metadata: k8s.ObjectMeta,
  selector: Record<string, string>,
  { ports = [], servedTo = ["namespace"], reaches = [] }: WorkloadProps,
  networks: Networks,
): void {
  const incoming = ports.map(({ container }) => ({
    port: k8s.IntOrString.fromNumber(container),
    protocol: "TCP",
  }));
  new k8s.KubeNetworkPolicy(scope, "policy", {
    metadata,
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      // Left out rather than empty: the API server drops an empty list, each apply would be a change, and a rule without
      // peers lets everybody in.
      ...(incoming.length === 0 || servedTo.length === 0
        ? {}
        : { ingress: [{ from: servedTo.flatMap((reach) => from(reach, networks)), ports: incoming }] }),
      ...(reaches.length === 0 ? {} : { egress: [{ to: reaches.flatMap((reach) => to(reach, networks)) }] }),
    },
  });
}

const everyNamespace: k8s.NetworkPolicyPeer = { namespaceSelector: {} };
const sameNamespace: k8s.NetworkPolicyPeer = { podSelector: {} };

/** What comes from outside through a node's port bears that node's address, unless it hit a node with a replica. */
const from = (reach: Reach, networks: Networks): k8s.NetworkPolicyPeer[] =>
  reach === "namespace"
    ? [sameNamespace]
    : reach === "cluster"
      ? [everyNamespace]
      : networks.map(({ all }) => ({ ipBlock: { cidr: all } }));

/** Outside is what is neither of the cluster nor a machine that it runs on. */
const to = (reach: Reach, networks: Networks): k8s.NetworkPolicyPeer[] =>
  reach === "namespace"
    ? [sameNamespace]
    : reach === "cluster"
      ? [everyNamespace]
      : networks.map(({ all, own }) => ({ ipBlock: { cidr: all, except: [...own] } }));
