import { type Site } from "@molly/site";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { configName, namespace } from "./names.ts";
import { type CanalRelease } from "./release.ts";

/** Bytes of each packet that VXLAN takes: outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8. */
export const vxlanOverhead = 50;

/** IPv6's header is 20 bytes longer. A pod has one MTU for both families. */
export const vxlanOverhead6 = 70;

/** What install-cni, calico-node and flannel are told. */
export function canalConfig(scope: Construct, site: Site, release: CanalRelease): void {
  new k8s.KubeConfigMap(scope, "config", {
    metadata: { name: configName, namespace },
    data: {
      "canal_iface": site.network.interface,
      "cni_network_config": json(cniNetworkConfig(site, release)),
      "masquerade": "true",
      "net-conf.json": json(flannelNetwork(site)),
      "typha_service_name": "none",
    },
  });
}

/** How a pod gets its interface: Calico's plugin, with addresses from the node's own range that flannel routes. */
function cniNetworkConfig(site: Site, release: CanalRelease): object {
  const dualStack = site.kubernetes.ipv6 !== undefined;
  return {
    name: "k8s-pod-network",
    cniVersion: release.cniVersion,
    plugins: [
      {
        type: "calico",
        log_level: "info",
        log_file_path: "/var/log/calico/cni/cni.log",
        datastore_type: "kubernetes",
        // install-cni fills in the names between double underscores on each node.
        nodename: "__KUBERNETES_NODE_NAME__",
        mtu: site.canal.interfaceMtu - (dualStack ? vxlanOverhead6 : vxlanOverhead),
        ipam: { type: "host-local", ...(dualStack ? { ranges: bothFamilies } : { subnet: "usePodCidr" }) },
        policy: { type: "k8s" },
        kubernetes: { kubeconfig: "__KUBECONFIG_FILEPATH__" },
      },
      { type: "portmap", snat: true, capabilities: { portMappings: true } },
    ],
  };
}

/** Calico's plugin puts the node's own range of each family in. */
const bothFamilies = [[{ subnet: "usePodCidr" }], [{ subnet: "usePodCidrIPv6" }]];

/** Flannel's own configuration. Its MTU is the interface's: flannel takes VXLAN's overhead off by itself. */
function flannelNetwork({ kubernetes, canal }: Site): object {
  return {
    Network: kubernetes.podNetwork,
    ...(kubernetes.ipv6 === undefined ? {} : { EnableIPv6: true, IPv6Network: kubernetes.ipv6.podNetwork }),
    Backend: { Type: "vxlan", Port: canal.vxlanPort, MTU: canal.interfaceMtu },
  };
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
