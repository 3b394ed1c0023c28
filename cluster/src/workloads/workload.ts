import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { resources } from "../../canal/resources.ts";
import { reachPolicy, type Networks } from "./network-policy.ts";
import { podSpec } from "./pod.ts";
import { defaultReplicas, defaultServicePort, type WorkloadProps } from "./props.ts";
import { claim } from "./volume.ts";

/** Where a workload is placed. */
export interface Place {
  readonly namespace: string;
  readonly networks: Networks;
}

/** A program that runs for ever, as equal replicas on different nodes, with all that belongs to it. */
export class Workload extends Construct {
  constructor(scope: Construct, { namespace, networks }: Place, props: WorkloadProps) {
    super(scope, `${namespace}-${props.name}`);
    const { name, replicas = defaultReplicas } = props;
    const selector = { "app.kubernetes.io/name": name };
    const labels = { ...selector, "app.kubernetes.io/managed-by": "molly" };
    const metadata = { name, namespace, labels };

    // An account of its own, without a token: what a workload may do in the API is granted to it by name, or nothing.
    new k8s.KubeServiceAccount(this, "account", { metadata, automountServiceAccountToken: false });
    new k8s.KubeDeployment(this, "deployment", {
      metadata,
      spec: {
        replicas,
        revisionHistoryLimit: 3,
        selector: { matchLabels: selector },
        // The new one is ready before the old one goes.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: one, maxUnavailable: zero } },
        template: { metadata: { labels }, spec: podSpec(props, selector, resources(props.requests, props.limits)) },
      },
    });
    // Always one at a time: a budget that allows nothing would hold up every drain of a node.
    new k8s.KubePodDisruptionBudget(this, "budget", {
      metadata,
      spec: {
        maxUnavailable: one,
        selector: { matchLabels: selector },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    });
    reachPolicy(this, metadata, selector, props, networks);
    service(this, metadata, selector, props);
    claim(this, namespace, labels, props);
  }
}

const zero = k8s.IntOrString.fromNumber(0);
const one = k8s.IntOrString.fromNumber(1);

/** The address under which others find the replicas that are ready. */
function service(
  scope: Construct,
  metadata: k8s.ObjectMeta,
  selector: Record<string, string>,
  props: WorkloadProps,
): void {
  const { ports = [] } = props;
  if (ports.length === 0) return;
  new k8s.KubeService(scope, "service", {
    metadata,
    spec: {
      type: ports.some(({ node }) => node !== undefined) ? "NodePort" : "ClusterIP",
      selector,
      ports: ports.map(({ name = "http", container, service: port = defaultServicePort, node }) => ({
        name,
        port,
        targetPort: k8s.IntOrString.fromNumber(container),
        protocol: "TCP",
        ...(node === undefined ? {} : { nodePort: node }),
      })),
    },
  });
}
