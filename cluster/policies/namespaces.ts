import { type Site } from "@molly/site";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { NamedChart } from "../named-chart.ts";
import { type Tenant } from "../src/workloads/props.ts";

export interface NamespacesProps {
  readonly site: Site;
  readonly tenants: readonly Tenant[];
}

/** Kubernetes' own standards: `restricted` asks for no rights at all, `baseline` for none that reach the node. */
type PodSecurity = "restricted" | "baseline" | "privileged";

/**
 * The namespaces that are not made by whoever is installed into them, and of kube-system the level alone. None is ever
 * deleted: with it would go all that is in it.
 */
export class Namespaces extends NamedChart {
  constructor(scope: Construct, id: string, { site, tenants }: NamespacesProps) {
    super(scope, id);
    const levels: [string, PodSecurity][] = [
      // Canal, kube-proxy and the control plane work on the node itself. Said, so that nobody takes it for forgotten.
      ["kube-system", "privileged"],
      // Node exporters read the node's files.
      [site.monitoring.namespace, "privileged"],
      ...tenants.map(({ namespace }): [string, PodSecurity] => [namespace, "restricted"]),
    ];
    for (const [name, level] of levels) {
      new k8s.KubeNamespace(this, name, { metadata: { name, labels: podSecurity(site, level) } });
    }
  }
}

/** As the site's release defines the level: an update of Kubernetes doesn't refuse pods that ran before. */
function podSecurity({ kubernetes }: Site, level: PodSecurity): Record<string, string> {
  const version = `v${kubernetes.version.split(".").slice(0, 2).join(".")}`;
  return Object.fromEntries(
    ["enforce", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, version],
    ]),
  );
}
