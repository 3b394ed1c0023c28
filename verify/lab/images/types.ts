/** Where things come from: upstream's registries, this machine's compiler, or upstream where it answers. */
export type ImageMode = "auto" | "pull" | "build";

/** How a thing was had: from upstream, made here, or found in the cache. */
export type Origin = "pulled" | "built" | "cached";

export interface Provenance {
  readonly name: string;
  readonly how: Origin;
  readonly version: string;
  /** SHA-256 of everything that went in: names the entry in the cache. */
  readonly hash: string;
}

/** What one replica is made of. */
export interface LabImages {
  /** Image of a node: systemd as PID 1, containerd, kubelet, kubeadm, CNI plugins, HAProxy, Heartbeat; no service enabled. */
  readonly node: string;
  /** Image of the prober: Debian with Python, iproute2 and the libraries that Node needs; Node itself is mounted. */
  readonly prober: string;
  /** Image archives on the host, for `ctr -n k8s.io images import`. */
  readonly archives: { readonly everyNode: readonly string[]; readonly controlPlane: readonly string[] };
  /** Where `extraImages`, which are Calico's, come from. Without them there is no whole Canal. */
  readonly calico: "pulled" | "compiled" | "absent";
  readonly provenance: readonly Provenance[];
}

/** One sign of progress. A step that goes on tells "progress"; it ends with "done", "cached" or "failed". */
export interface StepReport {
  readonly name: string;
  readonly state: "start" | "progress" | "done" | "cached" | "failed";
  /** How long the step took. */
  readonly seconds?: number;
  readonly detail?: string;
}
