import { k8s } from "cdk8s-plus-27";
import { fromConfig, fromField } from "./environment.ts";
import { type CanalImages } from "./images.ts";
import { resources } from "./resources.ts";
import { mount } from "./volumes.ts";

/** Flannel's health port, on each node's loopback only: beside Felix's 9099 and below Linux's ephemeral range. */
const healthPort = 9097;

/**
 * Canal's network half: VXLAN between the nodes, each node's pod range taken from its Kubernetes object. It needs
 * nothing of the calico-node container beside it.
 */
export const kubeFlannel = ({ flannel }: CanalImages): k8s.Container => ({
  name: "kube-flannel",
  image: flannel,
  imagePullPolicy: "IfNotPresent",
  command: ["/opt/bin/flanneld"],
  // Upstream has no probe here: a flanneld that hangs would stay, and a node count as ready before it has a route.
  args: ["--ip-masq", "--kube-subnet-mgr", "--healthz-ip=127.0.0.1", `--healthz-port=${healthPort}`],
  env: [
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    fromConfig("FLANNELD_IFACE", "canal_iface"),
    fromConfig("FLANNELD_IP_MASQ", "masquerade"),
  ],
  securityContext: { privileged: true },
  resources: resources({ milliCores: 50, memoryMiB: 48 }, { milliCores: 500, memoryMiB: 192 }),
  livenessProbe: { httpGet: health("/healthz"), initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 6 },
  readinessProbe: { httpGet: health("/readyz"), periodSeconds: 5 },
  volumeMounts: [mount("xtables-lock", "/run/xtables.lock"), mount("flannel-cfg", "/etc/kube-flannel/")],
});

const health = (path: string): k8s.HttpGetAction => ({
  host: "127.0.0.1",
  path,
  port: k8s.IntOrString.fromNumber(healthPort),
});
