import { type k8s } from "cdk8s-plus-27";

/** What differs between the minor releases of Calico that ship Canal; all else is common to them. */
export interface CanalRelease {
  /** Image repositories, without a tag. */
  readonly repositories: {
    readonly installCni: string;
    readonly node: string;
    readonly kubeControllers: string;
    /** Where host-local, portmap and loopback come from, when not from `installCni`'s image. */
    readonly cniPlugins?: string;
  };
  /** Version of the CNI specification that the node's network configuration is written in. */
  readonly cniVersion: string;
  readonly installCni: Pick<k8s.Container, "command" | "args">;
  readonly ebpfBootstrap: string[];
  readonly felixShutdown: string[];
  readonly felixLive: string[];
  readonly kubeControllers: Pick<k8s.Container, "args">;
  /** Asks kube-controllers for its state; `-l` (live) or `-r` (ready) is added. */
  readonly kubeControllersStatus: string[];
  /** Felix looks for kernel lockdown in securityfs. */
  readonly readsSecurityFs: boolean;
  /** CRDs (plural names) with a status subresource: there a plain update ignores the status, so it must match. */
  readonly statusSubresources: readonly string[];
  /** Defaults that only this release's CRDs have, by plural name. */
  readonly crdDefaults: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Calico 3.32: one image a component. */
const v3_32: CanalRelease = {
  repositories: {
    installCni: "quay.io/calico/cni",
    node: "quay.io/calico/node",
    kubeControllers: "quay.io/calico/kube-controllers",
  },
  cniVersion: "0.3.1",
  installCni: { command: ["/opt/cni/bin/install"] },
  ebpfBootstrap: ["calico-node", "-init", "-best-effort"],
  felixShutdown: ["/bin/calico-node", "-shutdown"],
  felixLive: ["/bin/calico-node", "-felix-live"],
  kubeControllers: {},
  kubeControllersStatus: ["/usr/bin/check-status"],
  readsSecurityFs: false,
  statusSubresources: ["kubecontrollersconfigurations"],
  crdDefaults: {
    kubecontrollersconfigurations: { "spec.controllers.policyMigration.enabled": "Enabled" },
  },
};

/** Calico 3.33: one image and one binary, `calico`, for all but calico-node's system tools and the CNI plugins of others. */
const v3_33: CanalRelease = {
  repositories: {
    installCni: "quay.io/calico/calico",
    node: "quay.io/calico/node",
    kubeControllers: "quay.io/calico/calico",
    cniPlugins: "quay.io/calico/third-party-cni-plugins",
  },
  cniVersion: "1.0.0",
  installCni: { args: ["component", "cni", "install"] },
  ebpfBootstrap: ["calico", "component", "node", "init", "--best-effort"],
  felixShutdown: ["calico", "component", "node", "shutdown"],
  felixLive: ["calico", "component", "node", "health", "--felix-live"],
  kubeControllers: { args: ["component", "kube-controllers"] },
  kubeControllersStatus: ["/usr/bin/calico", "component", "kube-controllers", "kube-controllers-health"],
  readsSecurityFs: true,
  statusSubresources: ["caliconodestatuses", "ippools", "kubecontrollersconfigurations", "tiers"],
  crdDefaults: {
    felixconfigurations: { "spec.nftablesFlowTableOffload": "Disabled" },
    ippools: { "spec.nodeSelector": "all()" },
    kubecontrollersconfigurations: { "spec.controllers.migration.policyNameMigrator": "Enabled" },
  },
};

const releases: ReadonlyMap<string, CanalRelease> = new Map([
  ["3.32", v3_32],
  ["3.33", v3_33],
]);

/**
 * What is particular to the release that `version` (exact, as `3.32.1`) belongs to.
 *
 * @throws Error when the version isn't exact, or its minor release isn't supported.
 */
export function canalRelease(version: string): CanalRelease {
  const release = /^\d+\.\d+\.\d+$/.test(version) ? releases.get(version.split(".").slice(0, 2).join(".")) : undefined;
  if (release === undefined) {
    const supported = [...releases.keys()].map((minor) => `${minor}.x`).join(" and ");
    throw new Error(`canal.version: '${version}' can't be rendered: supported are exact versions of ${supported}.`);
  }
  return release;
}
