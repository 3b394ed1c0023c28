import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { variable } from "./environment.ts";
import { type CanalImages } from "./images.ts";
import { namespace, serviceAccounts } from "./names.ts";
import { type CanalRelease } from "./release.ts";
import { resources } from "./resources.ts";

const name = "calico-kube-controllers";
const labels = { "k8s-app": name };

/** Calico's controllers: they clear away what a removed node leaves behind, and hand out LoadBalancer addresses. */
export function kubeControllers(scope: Construct, images: CanalImages, release: CanalRelease): void {
  new k8s.KubeDeployment(scope, "kube-controllers", {
    metadata: { name, namespace, labels },
    spec: {
      // Only one may be active, also during an update.
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { name, namespace, labels },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          priorityClassName: "system-cluster-critical",
          serviceAccountName: serviceAccounts.kubeControllers,
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          tolerations: [
            { key: "CriticalAddonsOnly", operator: "Exists" },
            { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
          ],
          containers: [container(images, release)],
        },
      },
    },
  });

  // Its one pod may be evicted: a node that is drained must not wait for it.
  new k8s.KubePodDisruptionBudget(scope, "kube-controllers-budget", {
    metadata: { name, namespace, labels },
    spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: labels } },
  });
}

function container({ kubeControllers: image }: CanalImages, release: CanalRelease): k8s.Container {
  const status = (flag: string) => ({ command: [...release.kubeControllersStatus, flag] });
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ...release.kubeControllers,
    env: [variable("ENABLED_CONTROLLERS", "node,loadbalancer"), variable("DATASTORE_TYPE", "kubernetes")],
    securityContext: { runAsNonRoot: true },
    resources: resources({ milliCores: 20, memoryMiB: 64 }, { milliCores: 500, memoryMiB: 256 }),
    livenessProbe: {
      exec: status("-l"),
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    readinessProbe: { exec: status("-r"), periodSeconds: 10 },
  };
}
