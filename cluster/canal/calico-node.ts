import { type Site } from "@molly/site";
import { k8s } from "cdk8s-plus-27";
import { fromField, variable } from "./environment.ts";
import { type CanalImages } from "./images.ts";
import { type CanalRelease } from "./release.ts";
import { resources } from "./resources.ts";
import { mount } from "./volumes.ts";

/** Felix, Calico's policy half: it turns network policies into the node's iptables rules. */
export const calicoNode = (site: Site, { node }: CanalImages, release: CanalRelease): k8s.Container => ({
  name: "calico-node",
  image: node,
  imagePullPolicy: "IfNotPresent",
  env: [
    variable("DATASTORE_TYPE", "kubernetes"),
    variable("USE_POD_CIDR", "true"),
    variable("WAIT_FOR_DATASTORE", "true"),
    fromField("NODENAME", "spec.nodeName"),
    fromField("CALICO_CNI_SERVICE_ACCOUNT", "spec.serviceAccountName"),
    // Routes are flannel's business: no BGP, no address of its own.
    variable("CALICO_NETWORKING_BACKEND", "none"),
    variable("IP", ""),
    variable("CLUSTER_TYPE", "k8s,canal"),
    // Seconds after which Felix repairs rules that others changed.
    variable("FELIX_IPTABLESREFRESHINTERVAL", "60"),
    variable("FELIX_DEFAULTENDPOINTTOHOSTACTION", "ACCEPT"),
    variable("FELIX_IPV6SUPPORT", String(site.kubernetes.ipv6 !== undefined)),
    variable("FELIX_HEALTHENABLED", "true"),
    // To standard output instead, where `kubectl logs` finds it.
    variable("CALICO_DISABLE_FILE_LOGGING", "true"),
  ],
  securityContext: { privileged: true },
  resources: resources({ milliCores: 100, memoryMiB: 128 }, { milliCores: 1000, memoryMiB: 512 }),
  lifecycle: { preStop: { exec: { command: release.felixShutdown } } },
  livenessProbe: {
    exec: { command: release.felixLive },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    timeoutSeconds: 10,
    failureThreshold: 6,
  },
  readinessProbe: {
    httpGet: { host: "localhost", path: "/readiness", port: k8s.IntOrString.fromNumber(9099) },
    periodSeconds: 10,
    timeoutSeconds: 10,
  },
  volumeMounts: [
    // Renews the kubeconfig of Calico's CNI plugin before its token expires.
    mount("cni-net-dir", "/host/etc/cni/net.d"),
    mount("lib-modules", "/lib/modules", { readOnly: true }),
    mount("xtables-lock", "/run/xtables.lock"),
    mount("var-run-calico", "/var/run/calico"),
    mount("var-lib-calico", "/var/lib/calico"),
    mount("policysync", "/var/run/nodeagent"),
    mount("bpffs", "/sys/fs/bpf"),
    mount("cni-log-dir", "/var/log/calico/cni", { readOnly: true }),
    ...(release.readsSecurityFs ? [mount("sys-kernel-security", "/sys/kernel/security", { readOnly: true })] : []),
  ],
});
