import { type Site } from "@molly/site";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { calicoNode } from "./calico-node.ts";
import { type CanalImages } from "./images.ts";
import { initContainers } from "./init-containers.ts";
import { kubeFlannel } from "./kube-flannel.ts";
import { namespace, serviceAccounts } from "./names.ts";
import { type CanalRelease } from "./release.ts";
import { volumes } from "./volumes.ts";

const labels = { "k8s-app": "canal" };

/** Canal itself: one pod a node, the first that runs there and the last that leaves. */
export function canalDaemonSet(scope: Construct, site: Site, images: CanalImages, release: CanalRelease): void {
  new k8s.KubeDaemonSet(scope, "daemon-set", {
    metadata: { name: "canal", namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(1) } },
      template: { metadata: { labels }, spec: podSpec(site, images, release) },
    },
  });
}

const podSpec = (site: Site, images: CanalImages, release: CanalRelease): k8s.PodSpec => ({
  nodeSelector: { "kubernetes.io/os": "linux" },
  // Without it no pod gets a network, so it can't wait for one.
  hostNetwork: true,
  priorityClassName: "system-node-critical",
  serviceAccountName: serviceAccounts.node,
  securityContext: { seccompProfile: { type: "RuntimeDefault" } },
  // A node that is tainted as not ready is waiting for this very pod.
  tolerations: [
    { effect: "NoSchedule", operator: "Exists" },
    { effect: "NoExecute", operator: "Exists" },
    { key: "CriticalAddonsOnly", operator: "Exists" },
  ],
  // Rules and routes stay while the pod is replaced: the sooner the next one runs, the better.
  terminationGracePeriodSeconds: 0,
  initContainers: initContainers(images, release),
  containers: [calicoNode(site, images, release), kubeFlannel(images)],
  volumes: volumes(release),
});
