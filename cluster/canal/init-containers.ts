import { type k8s } from "cdk8s-plus-27";
import { fromConfig, fromField, variable } from "./environment.ts";
import { type CanalImages } from "./images.ts";
import { type CanalRelease } from "./release.ts";
import { initResources } from "./resources.ts";
import { mount } from "./volumes.ts";

/** What prepares a node, in this order, before its pod network can start. */
export function initContainers(images: CanalImages, release: CanalRelease): k8s.Container[] {
  const { cniPlugins } = images;
  return [
    ...(cniPlugins === undefined ? [] : [stagePlugins(cniPlugins)]),
    installCni(images, release),
    ebpfBootstrap(images, release),
  ];
}

/**
 * Hands host-local, portmap and loopback to install-cni. Calico 3.33 took them out of its image; its operator has
 * this container, its canal.yaml of August 2026 has not, and would count on plugins that the node happens to have.
 */
const stagePlugins = (image: string): k8s.Container => ({
  name: "cni-plugins",
  image,
  imagePullPolicy: "IfNotPresent",
  // The image's own user is not root, but the folder that it fills is root's.
  securityContext: { runAsUser: 0 },
  resources: initResources(),
  volumeMounts: [mount("cni-plugins-stage", "/stage")],
});

/** Puts the CNI plugins and their configuration onto the node, with a kubeconfig for Calico's plugin. */
const installCni = ({ installCni: image }: CanalImages, release: CanalRelease): k8s.Container => ({
  name: "install-cni",
  image,
  imagePullPolicy: "IfNotPresent",
  ...release.installCni,
  env: [
    fromField("CALICO_CNI_SERVICE_ACCOUNT", "spec.serviceAccountName"),
    variable("CNI_CONF_NAME", "10-canal.conflist"),
    fromConfig("CNI_NETWORK_CONFIG", "cni_network_config"),
    fromField("KUBERNETES_NODE_NAME", "spec.nodeName"),
    // Otherwise it sleeps for ever once it is done, and the pod never starts.
    variable("SLEEP", "false"),
  ],
  // 3.33's image runs as user 10001, who can't write to the node's folders.
  securityContext: { privileged: true, runAsUser: 0 },
  resources: initResources(),
  volumeMounts: [
    mount("cni-bin-dir", "/host/opt/cni/bin"),
    mount("cni-net-dir", "/host/etc/cni/net.d"),
    ...(release.repositories.cniPlugins === undefined ? [] : [mount("cni-plugins-stage", "/opt/cni/bin")]),
  ],
});

/** Mounts the BPF file system and a cgroup2 tree; in best effort, because in iptables mode nothing needs them. */
const ebpfBootstrap = ({ node }: CanalImages, release: CanalRelease): k8s.Container => ({
  name: "ebpf-bootstrap",
  image: node,
  imagePullPolicy: "IfNotPresent",
  command: release.ebpfBootstrap,
  securityContext: { privileged: true },
  resources: initResources(),
  volumeMounts: [
    // Bidirectional: what is mounted here must outlive this container, on the node.
    mount("sys-fs", "/sys/fs", { mountPropagation: "Bidirectional" }),
    mount("var-run-calico", "/var/run/calico", { mountPropagation: "Bidirectional" }),
    mount("nodeproc", "/nodeproc", { readOnly: true }),
  ],
});
