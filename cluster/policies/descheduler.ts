import { Yaml } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { resources } from "../canal/resources.ts";

const name = "descheduler";
const namespace = "kube-system";
const labels = { "app.kubernetes.io/name": name };
const rbac = "rbac.authorization.k8s.io";

/** Follows Kubernetes' minor releases; 0.36 is tested by upstream with 1.34 to 1.36. */
const image = "registry.k8s.io/descheduler/descheduler:v0.36.0";

/**
 * Kubernetes places a pod once. When a node returns it stays empty, and replicas stay together where they fled to: this
 * evicts one that another node would suit better, as its workload's budget allows.
 *
 * @param namespaces those of the site's own workloads; pods of others are left alone, cluster DNS aside
 */
export function descheduler(scope: Construct, namespaces: readonly string[]): void {
  new k8s.KubeServiceAccount(scope, "descheduler", { metadata: { name, namespace, labels } });
  new k8s.KubeClusterRole(scope, "descheduler-role", { metadata: { name, labels }, rules });
  new k8s.KubeClusterRoleBinding(scope, "descheduler-binding", {
    metadata: { name, labels },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  new k8s.KubeConfigMap(scope, "descheduler-policy", {
    metadata: { name, namespace, labels },
    data: { "policy.yaml": Yaml.stringify(policy(namespaces)) },
  });
  new k8s.KubeDeployment(scope, "descheduler-deployment", {
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      // Two at once would evict twice.
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec },
    },
  });
}

/** What it looks at, and the one thing that it does. */
const rules: k8s.PolicyRule[] = [
  {
    apiGroups: [""],
    resources: ["nodes", "namespaces", "pods", "persistentvolumeclaims"],
    verbs: ["get", "list", "watch"],
  },
  { apiGroups: ["scheduling.k8s.io"], resources: ["priorityclasses"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "update"] },
];

const balance = ["RemovePodsViolatingTopologySpreadConstraint", "RemoveDuplicates"];

/** Whatever its constraint says, soft or hard: a better place is a better place. */
const constraints = ["DoNotSchedule", "ScheduleAnyway"];

const evictor = {
  // Not without a place to go to, and not what has only just come.
  nodeFit: true,
  minPodAge: "10m",
};

const policy = (namespaces: readonly string[]): object => ({
  apiVersion: "descheduler/v1alpha2",
  kind: "DeschedulerPolicy",
  maxNoOfPodsToEvictPerNode: 5,
  profiles: [
    // An empty list would mean every namespace.
    ...(namespaces.length === 0 ? [] : [workloads(namespaces)]),
    {
      // Of what is critical, DNS alone: its budget keeps one of the two.
      name: "dns",
      pluginConfig: [
        {
          name: "DefaultEvictor",
          args: {
            ...evictor,
            labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            podProtections: { defaultDisabled: ["SystemCriticalPods"] },
          },
        },
        { name: balance[0], args: { constraints, namespaces: { include: ["kube-system"] } } },
      ],
      plugins: { balance: { enabled: [balance[0]] } },
    },
  ],
});

/** By name, not all but kube-system: what others run may keep in such a folder what must not go with the pod. */
const workloads = (include: readonly string[]): object => ({
  name: "workloads",
  pluginConfig: [
    // Every workload has a scratch folder of its own, which may go with the pod.
    { name: "DefaultEvictor", args: { ...evictor, podProtections: { defaultDisabled: ["PodsWithLocalStorage"] } } },
    { name: balance[0], args: { constraints, namespaces: { include } } },
    { name: balance[1], args: { namespaces: { include } } },
  ],
  plugins: { balance: { enabled: balance } },
});

const podSpec: k8s.PodSpec = {
  priorityClassName: "system-cluster-critical",
  serviceAccountName: name,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name,
      image,
      imagePullPolicy: "IfNotPresent",
      command: ["/bin/descheduler"],
      args: ["--policy-config-file=/policy/policy.yaml", "--descheduling-interval=5m"],
      resources: resources({ milliCores: 20, memoryMiB: 48 }, { milliCores: 500, memoryMiB: 256 }),
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      ports: [{ name: "https", containerPort: 10_258 }],
      livenessProbe: { httpGet: health(), periodSeconds: 20, failureThreshold: 6 },
      readinessProbe: { httpGet: health(), periodSeconds: 10 },
      volumeMounts: [{ name: "policy", mountPath: "/policy", readOnly: true }],
    },
  ],
  volumes: [{ name: "policy", configMap: { name } }],
};

function health(): k8s.HttpGetAction {
  return { path: "/healthz", port: k8s.IntOrString.fromString("https"), scheme: "HTTPS" };
}
