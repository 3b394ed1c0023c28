import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { allowDns, denyAll } from "../../policies/network-policies.ts";
import { type Tenant } from "./props.ts";

/** What a namespace of workloads may take and reach at most, whatever runs in it. */
export function tenantPolicies(scope: Construct, { namespace, quota }: Tenant): void {
  denyAll(scope, namespace);
  allowDns(scope, namespace);
  new k8s.KubeResourceQuota(scope, `quota-${namespace}`, {
    metadata: { name: "quota", namespace },
    spec: {
      hard: {
        "limits.cpu": k8s.Quantity.fromString(`${quota.milliCores}m`),
        "limits.memory": k8s.Quantity.fromString(`${quota.memoryMiB}Mi`),
        "pods": k8s.Quantity.fromNumber(quota.pods),
        "requests.storage": k8s.Quantity.fromString(`${quota.storageGiB ?? 0}Gi`),
        // Nobody outside hands out addresses: such a Service would wait for ever.
        "services.loadbalancers": k8s.Quantity.fromNumber(0),
      },
    },
  });
  // A pod that somebody starts by hand to look around: the quota refuses one without limits.
  new k8s.KubeLimitRange(scope, `limits-${namespace}`, {
    metadata: { name: "defaults", namespace },
    spec: {
      limits: [
        {
          type: "Container",
          default: { cpu: k8s.Quantity.fromString("200m"), memory: k8s.Quantity.fromString("128Mi") },
          defaultRequest: { cpu: k8s.Quantity.fromString("10m"), memory: k8s.Quantity.fromString("32Mi") },
        },
      ],
    },
  });
}
