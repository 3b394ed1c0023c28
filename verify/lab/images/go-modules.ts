import type { LabVersions } from "./versions.ts";

/** A folder of go/ that requires one upstream project, and the commands that are compiled from it. */
export interface GoModule {
  readonly name: string;
  /** Upstream's module that go.mod must require in exactly this version, without "v". */
  readonly requires: { readonly module: string; readonly version: string };
  /** Program name → package of its main function. */
  readonly programs: Readonly<Record<string, string>>;
  /** Package variable → text that the linker sets: what `--version` prints. */
  readonly variables: Readonly<Record<string, string>>;
  /** Set where a package of upstream's has C in it. The result is linked statically all the same. */
  readonly cgo?: true;
  /** Programs of one C file in upstream's module. */
  readonly cPrograms?: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
}

export function goModules(versions: LabVersions): Readonly<Record<GoModuleName, GoModule>> {
  const all: Record<GoModuleName, Omit<GoModule, "name">> = {
    "kubernetes": kubernetes(versions),
    "containerd": {
      requires: { module: containerd, version: versions.containerd },
      programs: {
        "containerd": `${containerd}/cmd/containerd`,
        "containerd-shim-runc-v2": `${containerd}/cmd/containerd-shim-runc-v2`,
        "ctr": `${containerd}/cmd/ctr`,
      },
      variables: { [`${containerd}/version.Version`]: `v${versions.containerd}` },
    },
    "etcd": {
      // The image's tag counts rebuilds of the same etcd: 3.6.8-0.
      requires: { module: "go.etcd.io/etcd/server/v3", version: versions.etcd.replace(/-\d+$/, "") },
      programs: { etcd: "go.etcd.io/etcd/server/v3", etcdctl: "go.etcd.io/etcd/etcdctl/v3" },
      variables: {},
    },
    "coredns": {
      requires: { module: "github.com/coredns/coredns", version: versions.coredns },
      programs: { coredns: "github.com/coredns/coredns" },
      variables: {},
    },
    "flannel": {
      requires: { module: flannel, version: versions.flannel },
      programs: { flanneld: flannel },
      variables: { [`${flannel}/pkg/version.Version`]: `v${versions.flannel}` },
      cgo: true,
    },
    "cni": {
      requires: { module: cni, version: versions.cniPlugins },
      programs: {
        "bridge": `${cni}/plugins/main/bridge`,
        "host-local": `${cni}/plugins/ipam/host-local`,
        "loopback": `${cni}/plugins/main/loopback`,
        "portmap": `${cni}/plugins/meta/portmap`,
      },
      variables: { [`${cni}/pkg/utils/buildversion.BuildVersion`]: `v${versions.cniPlugins}` },
    },
    "flannel-cni": {
      requires: { module: cni, version: versions.flannelCniModule },
      programs: { flannel: `${cni}/plugins/meta/flannel` },
      variables: { [`${cni}/pkg/utils/buildversion.BuildVersion`]: `v${versions.flannelCniModule}` },
    },
    "kustomize-controller": {
      requires: { module: kustomizeController, version: versions.kustomizeController },
      programs: { "kustomize-controller": kustomizeController },
      variables: {},
    },
    "calico": {
      requires: { module: calico, version: versions.calicoModule },
      programs: {
        "calico-node": `${calico}/node/cmd/calico-node`,
        "calico": `${calico}/cni-plugin/cmd/calico`,
        "install": `${calico}/cni-plugin/cmd/install`,
        "kube-controllers": `${calico}/kube-controllers/cmd/kube-controllers`,
        "check-status": `${calico}/kube-controllers/cmd/check-status`,
        "wrapper": `${calico}/kube-controllers/cmd/wrapper`,
      },
      variables: { [`${calico}/pkg/buildinfo.Version`]: `v${versions.calicoCompiled}` },
    },
  };
  return Object.fromEntries(Object.entries(all).map(([name, module]) => [name, { name, ...module }])) as Record<
    GoModuleName,
    GoModule
  >;
}

export type GoModuleName =
  | "kubernetes"
  | "containerd"
  | "etcd"
  | "coredns"
  | "flannel"
  | "cni"
  | "flannel-cni"
  | "kustomize-controller"
  | "calico";

/** Releases whose API server is compiled, and nothing else of them: one of each end of what a site may ask for. */
const apiServerVersions = { oldest: "1.35.0", newest: "1.37.2" } as const;

/** The API servers that are asked whether they accept the rendered objects; the replica's own is between them. */
export const apiServers: readonly GoModule[] = Object.entries(apiServerVersions).map(([age, version]) => ({
  name: `kube-apiserver-${age}`,
  ...kubernetesPrograms(version, ["kube-apiserver"]),
}));

const containerd = "github.com/containerd/containerd/v2";
const calico = "github.com/projectcalico/calico";
const cni = "github.com/containernetworking/plugins";
const flannel = "github.com/flannel-io/flannel";
const kustomizeController = "github.com/fluxcd/kustomize-controller";

function kubernetes(versions: LabVersions): Omit<GoModule, "name"> {
  const programs = [
    "kubeadm",
    "kubelet",
    "kubectl",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
  ];
  return {
    ...kubernetesPrograms(versions.kubernetes, programs),
    cPrograms: { pause: { source: "build/pause/linux/pause.c", version: `v${versions.pause}` } },
  };
}

function kubernetesPrograms(version: string, programs: readonly string[]): Omit<GoModule, "name"> {
  const [major = "", minor = ""] = version.split(".");
  // Both packages answer for the version: one in the programs, one in what their clients send.
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return {
    requires: { module: "k8s.io/kubernetes", version },
    programs: Object.fromEntries(programs.map((program) => [program, `k8s.io/kubernetes/cmd/${program}`])),
    variables: Object.fromEntries(
      packages.flatMap((path) => [
        [`${path}.gitVersion`, `v${version}`],
        [`${path}.gitMajor`, major],
        [`${path}.gitMinor`, minor],
      ]),
    ),
  };
}
