import { parseAllDocuments, stringify } from "yaml";

/** A Kubernetes object as far as this file looks into it. */
interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/** CNI's plugin chain when flannel's own plugin stands in for Calico's. */
const cniConfiguration = JSON.stringify({
  name: "k8s-pod-network",
  cniVersion: "0.3.1",
  plugins: [
    { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
});

/**
 * A manifest without its images' digests: the replica has archives under upstream's tags, and what is built here has bytes of
 * its own.
 */
export const byTag = (manifest: string): string => manifest.replaceAll(/( image: \S+)@sha256:[0-9a-f]{64}$/gm, "$1");

/**
 * Canal without Calico: the rendered objects of the pod network with only the half that flannel carries. Used where
 * Calico's images are not to be had and nobody asked for them to be compiled: pods reach each other across nodes through
 * the rendered VXLAN settings, network policies are not enforced.
 * @param manifests the rendered YAML documents of the pod network
 */
export function flannelHalf(manifests: readonly string[]): string {
  const objects = manifests.flatMap((text) =>
    parseAllDocuments(byTag(text)).map((document) => document.toJS() as KubernetesObject),
  );
  return objects
    .flatMap((object) => {
      if (object.kind === "ConfigMap" && object.metadata.name === "canal-config") return [withCniConfiguration(object)];
      if (object.kind === "DaemonSet" && object.metadata.name === "canal") return [flannelOnly(object)];
      if (object.kind === "ServiceAccount" && object.metadata.name === "canal") return [object];
      if (object.kind === "ClusterRole" && object.metadata.name === "flannel") return [object];
      if (object.kind === "ClusterRoleBinding" && bindsFlannel(object)) return [object];
      return [];
    })
    .map((object) => stringify(object))
    .join("---\n");
}

const bindsFlannel = (object: KubernetesObject): boolean =>
  (object["roleRef"] as { name?: string } | undefined)?.name === "flannel";

const withCniConfiguration = (configMap: KubernetesObject): KubernetesObject => ({
  ...configMap,
  data: { ...(configMap["data"] as object), "cni-conf.json": cniConfiguration },
});

function flannelOnly(daemonSet: KubernetesObject): KubernetesObject {
  const spec = daemonSet["spec"] as { template: { spec: PodSpec } };
  const pod = spec.template.spec;
  const flannel = pod.containers.find(({ name }) => name === "kube-flannel");
  if (flannel === undefined) throw new Error("The rendered DaemonSet 'canal' has no container 'kube-flannel'.");
  const installConfiguration: Container = {
    name: "install-cni-configuration",
    image: flannel.image,
    command: ["cp", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"],
    volumeMounts: [
      { name: "cni-net-dir", mountPath: "/etc/cni/net.d" },
      { name: "flannel-cfg", mountPath: "/etc/kube-flannel" },
    ],
  };
  const container = {
    ...flannel,
    volumeMounts: [
      ...mountsOf(flannel).filter(({ name }) => !["flannel-cfg", "run-flannel"].includes(name)),
      { name: "flannel-cfg", mountPath: "/etc/kube-flannel" },
      { name: "run-flannel", mountPath: "/run/flannel" },
    ],
  };
  const mounted = new Set(mountsOf(flannel).map(({ name }) => name));
  const own = ["cni-net-dir", "flannel-cfg", "run-flannel"];
  const volumes = [
    ...pod.volumes.filter(({ name }) => mounted.has(name) && !own.includes(name)),
    { name: "cni-net-dir", hostPath: { path: "/etc/cni/net.d", type: "DirectoryOrCreate" } },
    { name: "flannel-cfg", configMap: { name: "canal-config" } },
    // The CNI plugin on the node reads the subnet that flanneld writes here.
    { name: "run-flannel", hostPath: { path: "/run/flannel", type: "DirectoryOrCreate" } },
  ];
  const half = { ...pod, initContainers: [installConfiguration], containers: [container], volumes };
  return { ...daemonSet, spec: { ...spec, template: { ...spec.template, spec: half } } };
}

const mountsOf = (container: Container): readonly { readonly name: string; readonly mountPath: string }[] =>
  (container["volumeMounts"] ?? []) as { name: string; mountPath: string }[];
