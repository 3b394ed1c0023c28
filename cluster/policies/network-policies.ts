import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";

/** Nothing comes in, nothing goes out: every policy beside it is an exception. */
export function denyAll(scope: Construct, namespace: string): void {
  new k8s.KubeNetworkPolicy(scope, `deny-${namespace}`, {
    metadata: { name: "default-deny", namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
}

/** Every pod may ask cluster DNS; names are in nearly all that it does next. */
export function allowDns(scope: Construct, namespace: string): void {
  allow(scope, namespace, "dns", {
    podSelector: {},
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [port(53, "UDP"), port(53)],
      },
    ],
  });
}

/** An exception: what the selected pods may take in, or send out, whichever is given. */
export function allow(
  scope: Construct,
  namespace: string,
  name: string,
  spec: Pick<k8s.NetworkPolicySpec, "podSelector" | "ingress" | "egress">,
): void {
  new k8s.KubeNetworkPolicy(scope, `allow-${namespace}-${name}`, {
    metadata: { name: `allow-${name}`, namespace },
    spec: {
      ...spec,
      policyTypes: [
        ...(spec.ingress === undefined ? [] : ["Ingress"]),
        ...(spec.egress === undefined ? [] : ["Egress"]),
      ],
    },
  });
}

export const port = (number: number, protocol: "TCP" | "UDP" = "TCP"): k8s.NetworkPolicyPort => ({
  port: k8s.IntOrString.fromNumber(number),
  protocol,
});

/** Addresses outside the pod network, as peers. */
export const addresses = (...cidrs: string[]): k8s.NetworkPolicyPeer[] => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
