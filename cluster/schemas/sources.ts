/** Where CustomResourceDefinitions are published: as files of a Go module, or of a repository's release. */
export interface CrdSource {
  readonly module?: string;
  readonly repository?: string;
  /** With its "v". */
  readonly version: string;
  readonly files: readonly string[];
}

/** The kinds of others that are rendered, as of the releases that `cluster/upstream` and the site install. */
export const crdSources: readonly CrdSource[] = [
  {
    module: "github.com/fluxcd/kustomize-controller",
    version: "v1.9.6",
    files: ["config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"],
  },
  {
    module: "github.com/fluxcd/source-controller",
    version: "v1.9.6",
    files: ["gitrepositories", "ocirepositories"].map(
      (kind) => `config/crd/bases/source.toolkit.fluxcd.io_${kind}.yaml`,
    ),
  },
  {
    repository: "https://github.com/fluxcd/notification-controller",
    version: "v1.9.3",
    files: ["alerts", "providers"].map((kind) => `config/crd/bases/notification.toolkit.fluxcd.io_${kind}.yaml`),
  },
  {
    module: "github.com/kubernetes-csi/external-snapshotter/client/v8",
    version: "v8.6.0",
    files: ["config/crd/snapshot.storage.k8s.io_volumesnapshotclasses.yaml"],
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    files: ["example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml"],
  },
  {
    module: "github.com/external-secrets/external-secrets",
    version: "v1.3.2",
    files: ["config/crds/bases/external-secrets.io_externalsecrets.yaml"],
  },
  {
    repository: "https://github.com/ceph/ceph-csi-operator",
    version: "v1.0.4",
    files: ["drivers", "cephconnections", "clientprofiles"].map((kind) => `config/crd/bases/csi.ceph.io_${kind}.yaml`),
  },
];

/** Kubernetes' releases whose schemas are committed: one of each minor that a site may ask for. */
export const kubernetesReleases = ["1.35.0", "1.36.3", "1.37.0"] as const;

/** Of Kubernetes' own kinds, those that are rendered. */
export const kubernetesKinds: ReadonlySet<string> = new Set([
  "apiextensions.k8s.io/v1 CustomResourceDefinition",
  "apps/v1 DaemonSet",
  "apps/v1 Deployment",
  "networking.k8s.io/v1 NetworkPolicy",
  "policy/v1 PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1 ClusterRole",
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
  "rbac.authorization.k8s.io/v1 Role",
  "rbac.authorization.k8s.io/v1 RoleBinding",
  "storage.k8s.io/v1 StorageClass",
  "v1 ConfigMap",
  "v1 LimitRange",
  "v1 Namespace",
  "v1 PersistentVolume",
  "v1 PersistentVolumeClaim",
  "v1 ResourceQuota",
  "v1 Service",
  "v1 ServiceAccount",
]);
