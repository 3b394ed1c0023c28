import { namespace as cephCsi } from "../storage/names.ts";

/** A repository of upstream's at one release. */
export interface Repository {
  readonly name: string;
  readonly url: string;
  /** A release's tag, never a branch. */
  readonly tag: string;
  /** What is left out of it, as `.gitignore` writes it: a source is kept in memory and on the controller's disk. */
  readonly ignore: readonly string[];
}

/** A folder of plain manifests in such a repository: Flux applies them from there, as upstream publishes them. */
export interface Component {
  /** Of the Kustomization. */
  readonly name: string;
  readonly repository: Repository;
  readonly path: string;
  readonly dependsOn: readonly string[];
  /** Merged into upstream's objects of a kind. */
  readonly patches?: Readonly<Record<string, object>>;
}

const snapshotter: Repository = {
  name: "external-snapshotter",
  url: "https://github.com/kubernetes-csi/external-snapshotter",
  tag: "v8.6.0",
  ignore: ["/*", "!/client", "!/deploy"],
};

const cephCsiOperator: Repository = {
  name: "ceph-csi-operator",
  url: "https://github.com/ceph/ceph-csi-operator",
  tag: "v1.0.4",
  // The folder is applied whole: OpenShift's objects are of kinds that are not here.
  ignore: ["/*", "!/deploy", "/deploy/all-in-one/install-openshift.yaml"],
};

const prometheusOperator: Repository = {
  name: "prometheus-operator",
  url: "https://github.com/prometheus-operator/prometheus-operator",
  tag: "v0.85.0",
  ignore: ["/*", "!/example"],
};

/**
 * What PrometheusRules need to be accepted. Made only where they are missing: a Prometheus operator brings its own, often
 * newer, which would be set back every ten minutes. So a newer tag here changes nothing in a cluster that has them.
 */
export const monitoringComponents: readonly Component[] = [
  {
    name: "crds-monitoring",
    repository: prometheusOperator,
    path: "./example/prometheus-operator-crd",
    dependsOn: [],
    patches: {
      CustomResourceDefinition: {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        // All of that kind are patched, whatever name stands here.
        metadata: { name: "every", annotations: { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" } },
      },
    },
  },
];

/** What CephFS needs before its own objects: the kinds, the operator, and the controller that carries snapshots out. */
export const storageComponents: readonly Component[] = [
  { name: "crds-snapshot", repository: snapshotter, path: "./client/config/crd", dependsOn: [] },
  {
    name: "snapshot-controller",
    repository: snapshotter,
    path: "./deploy/kubernetes/snapshot-controller",
    dependsOn: ["crds-snapshot", "network"],
    // Upstream asks for nothing and bounds nothing.
    patches: {
      Deployment: podPatch("snapshot-controller", {
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
      }),
    },
  },
  {
    name: "ceph-csi-operator",
    repository: cephCsiOperator,
    path: "./deploy/all-in-one",
    dependsOn: ["network"],
    patches: {
      // The plugin mounts into pods on the node: nothing less will do.
      Namespace: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: cephCsi, labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      },
    },
  },
];

/** A Deployment's pods are scheduled before the workloads', on any node, and this container of theirs gets `container`. */
function podPatch(name: string, container: object): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      template: {
        spec: { priorityClassName: "system-cluster-critical", containers: [{ name, ...container }] },
      },
    },
  };
}
