import type { GoModuleName } from "./go-modules.ts";
import type { LabVersions } from "./versions.ts";

/** An image that the cluster's pods run, and how it is put together where it can't be pulled. */
export interface ContainerImage {
  readonly name: string;
  /** The tag that the compiled programs can answer for. */
  readonly tag: string;
  /** Upstream's name without the tag, for images that kubeadm does not name. */
  readonly repository?: string;
  readonly nodes: "everyNode" | "controlPlane";
  readonly module: GoModuleName;
  /** Program → its path in the image, where upstream has it. */
  readonly programs: Readonly<Record<string, string>>;
  /** The tools that the program calls; without them it is alone in its image. */
  readonly base: "scratch" | "net-base";
  /** @default the first program */
  readonly entrypoint?: readonly string[];
  /** @default root */
  readonly user?: number;
}

export function containerImages(versions: LabVersions): readonly ContainerImage[] {
  const kubernetes = { tag: `v${versions.kubernetes}`, module: "kubernetes" } as const;
  const component = (name: string) => ({ ...kubernetes, name, programs: { [name]: `/usr/local/bin/${name}` } });
  return [
    { ...component("kube-apiserver"), nodes: "controlPlane", base: "scratch" },
    { ...component("kube-controller-manager"), nodes: "controlPlane", base: "scratch" },
    { ...component("kube-scheduler"), nodes: "controlPlane", base: "scratch" },
    { ...component("kube-proxy"), nodes: "everyNode", base: "net-base" },
    {
      name: "pause",
      tag: versions.pause,
      module: "kubernetes",
      programs: { pause: "/pause" },
      nodes: "everyNode",
      base: "scratch",
    },
    {
      ...{ name: "etcd", tag: versions.etcd, module: "etcd", nodes: "controlPlane", base: "scratch" },
      programs: { etcd: "/usr/local/bin/etcd", etcdctl: "/usr/local/bin/etcdctl" },
    },
    // CoreDNS moves to any node.
    {
      name: "coredns",
      tag: `v${versions.coredns}`,
      module: "coredns",
      programs: { coredns: "/coredns" },
      nodes: "everyNode",
      base: "scratch",
    },
    {
      ...{ name: "flannel", tag: `v${versions.flannel}`, repository: "ghcr.io/flannel-io/flannel", module: "flannel" },
      ...{ programs: { flanneld: "/opt/bin/flanneld" }, nodes: "everyNode", base: "net-base" },
    },
  ];
}

/** The one controller of Flux' that is served as a Go module whole; no replica runs it unless Flux is tested. */
export const kustomizeController = (versions: LabVersions): ContainerImage => ({
  ...{ name: "kustomize-controller", tag: `v${versions.kustomizeController}`, module: "kustomize-controller" },
  ...{ repository: "ghcr.io/fluxcd/kustomize-controller", nodes: "everyNode", base: "scratch" },
  programs: { "kustomize-controller": "/usr/local/bin/kustomize-controller" },
});

/** The Dockerfile that puts compiled programs where upstream's image has them. */
export function containerDockerfile({ programs, entrypoint, user }: ContainerImage, base: string): string {
  const copies = Object.entries(programs).map(([program, path]) => `COPY ${program} ${path}`);
  const started = JSON.stringify(entrypoint ?? Object.values(programs).slice(0, 1));
  const as = user === undefined ? [] : [`USER ${user}`];
  return [`FROM ${base}`, ...copies, ...as, `ENTRYPOINT ${started}`, ""].join("\n");
}
