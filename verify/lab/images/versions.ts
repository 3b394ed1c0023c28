import type { Site } from "@molly/site";

/** Versions of everything in a replica, without a leading "v". */
export interface LabVersions {
  readonly debian: string;
  readonly kubernetes: string;
  readonly containerd: string;
  readonly flannel: string;
  readonly etcd: string;
  readonly coredns: string;
  readonly pause: string;
  readonly cniPlugins: string;
  readonly flannelCniModule: string;
  readonly flannelCniImage: string;
  readonly go: string;
  readonly kustomizeController: string;
  /** Canal's own: its images have no other. */
  readonly calico: string;
  /** The release whose programs are compiled for them, and how Go's module registry calls it. */
  readonly calicoCompiled: string;
  readonly calicoModule: string;
}

/** What a site leaves open. Each with the place that decides it. */
const pinned = {
  // What `kubeadm config images list` of Kubernetes 1.36.3 prints. It is asked again at every build: see kubeadm-images.ts.
  etcd: "3.6.8-0",
  coredns: "1.14.2",
  pause: "3.10.2",
  // The newest release of the plugins that every CNI configuration chains (bridge, host-local, loopback, portmap).
  cniPlugins: "1.9.1",
  // The last release of the plugins that still had flannel's among them; later ones are not served as a Go module.
  flannelCniModule: "0.9.1",
  // What flannel 0.28.10's own manifest (Documentation/kube-flannel.yml) installs; for the pull way.
  flannelCniImage: "1.9.1-flannel3",
  // `.go-version` of Kubernetes 1.36.3; all else compiles with it too.
  go: "1.26.5",
  // What Flux 2.9.5's own manifests (manifests/bases/kustomize-controller) install; they are asked again at every build of
  // an installation: see verify/flux/installation.ts.
  kustomizeController: "1.9.5",
  // The newest release that is served as a Go module, by the commit of its tag. Upstream's DaemonSet (manifests/canal.yaml) is
  // the same in 3.31.0 and 3.32.1 but for the images' tags.
  calicoCompiled: "3.31.0",
  calicoModule: "0.0.0-20251021213802-b1f3c43f8437",
} as const;

/** The versions that a site asks for, and those that follow from them. */
export const labVersions = (site: Site): LabVersions => ({
  ...pinned,
  debian: site.debian.release,
  kubernetes: site.kubernetes.version,
  containerd: site.containerd.version,
  flannel: site.canal.flannelVersion,
  calico: site.canal.version,
});
