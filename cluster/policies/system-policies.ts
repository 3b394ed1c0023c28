import { controlPlanes, type Site } from "@molly/site";
import { type k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { namespace as cephCsi } from "../storage/names.ts";
import { addresses, allow, allowDns, denyAll, port } from "./network-policies.ts";

const system = "kube-system";

/**
 * What the cluster's own components may reach. Pods on the host's network (Canal, kube-proxy, the control plane, CephFS'
 * node plugin) are no subject of policies, and a node may always probe its own pods. What else is installed into these
 * namespaces needs an exception of its own.
 */
export function systemPolicies(scope: Construct, site: Site): void {
  denyAll(scope, system);
  dns(scope, site);
  for (const name of ["calico-kube-controllers"]) usesApi(scope, site, system, name, { "k8s-app": name });
  usesApi(scope, site, system, "descheduler", { "app.kubernetes.io/name": "descheduler" });
  if (site.storage.cephfs !== undefined) cephFs(scope, site, site.storage.cephfs.monitors);
}

/** Cluster DNS answers everybody, asks the API for Services, and the site's name servers for the rest. */
function dns(scope: Construct, { network, ...site }: Site): void {
  const pods = { matchLabels: { "k8s-app": "kube-dns" } };
  const queries = [port(53, "UDP"), port(53)];
  allow(scope, system, "dns-server", {
    podSelector: pods,
    ingress: [
      { ports: queries },
      { from: addresses(network.cidr), ports: [port(8080), port(8181)] },
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": site.monitoring.namespace } } }],
        ports: [port(9153)],
      },
    ],
    egress: [
      { to: addresses(...network.nameServers.map((server) => `${server}/32`)), ports: queries },
      toApi({ network, ...site }),
    ],
  });
}

function cephFs(scope: Construct, site: Site, monitors: readonly string[]): void {
  usesApi(scope, site, system, "snapshot-controller", { "app.kubernetes.io/name": "snapshot-controller" });
  denyAll(scope, cephCsi);
  allowDns(scope, cephCsi);
  usesApi(scope, site, cephCsi, "api", {});
  allow(scope, cephCsi, "ceph", {
    podSelector: {},
    egress: [
      { to: addresses(...monitors.map((monitor) => `${monitor}/32`)), ports: [port(3300)] },
      // Managers make the volumes; each daemon takes the first port of Ceph's range that is free on its server.
      { to: addresses(site.network.cidr), ports: [{ ...port(6800), endPort: 7568 }] },
    ],
  });
}

function usesApi(scope: Construct, site: Site, namespace: string, name: string, labels: Record<string, string>): void {
  const podSelector = Object.keys(labels).length > 0 ? { matchLabels: labels } : {};
  allow(scope, namespace, name, { podSelector, egress: [toApi(site)] });
}

/** The API's Service is turned into these addresses before a policy sees the packet. */
const toApi = (site: Site): k8s.NetworkPolicyEgressRule => ({
  to: addresses(...controlPlanes(site).map(({ address }) => `${address}/32`)),
  ports: [port(site.api.backendPort)],
});
