import { type Site } from "@molly/site";
import { type Folder } from "../folders.ts";
import { type HealthCheck, storageHealth } from "./health.ts";
import { type Component, monitoringComponents, storageComponents } from "../upstream/components.ts";

/** A rendered folder, and how Flux applies it. */
export interface Step {
  /** Of the Kustomization. */
  readonly name: string;
  readonly folder: Folder;
  /** Names of the Kustomizations that must be ready first. */
  readonly dependsOn: readonly string[];
  /** Whether what is removed from the repository is deleted from the cluster. */
  readonly prune: boolean;
  /** What must be ready before the next step begins. */
  readonly waitFor: "all" | "nothing" | readonly HealthCheck[];
  /** With `all`: the kinds among them that are ready when our own expression says so. */
  readonly judged?: readonly string[];
}

/** What one site applies. */
export interface Order {
  readonly steps: readonly Step[];
  readonly components: readonly Component[];
  /** Whether a Kustomization opens the sealed secrets. */
  readonly sealed: boolean;
}

/**
 * The order: kinds, network, storage, policies, workloads.
 *
 * Deleting follows the repository only where nothing is lost by it: policies, monitoring, and of the workloads all but
 * claims. A CRD takes all its objects with it, a namespace all that is in it, a network every pod, a driver every mount:
 * what is removed there is removed from the cluster by hand.
 */
export function orderOf(site: Site): Order {
  const { cephfs, secrets } = site.storage;
  const sealed = cephfs !== undefined && secrets.from === "sops";
  const all = { waitFor: "all" } as const;
  return {
    components: [...monitoringComponents, ...(cephfs === undefined ? [] : storageComponents)],
    sealed,
    steps: [
      // Flux's own objects, so that a change of order arrives like any other. It can't wait for itself to be ready.
      { name: "flux", folder: "flux", dependsOn: [], prune: false, waitFor: "nothing" },
      { name: "crds", folder: "crds", dependsOn: [], prune: false, ...all },
      { name: "network", folder: "canal", dependsOn: ["crds"], prune: false, ...all, judged: ["DaemonSet"] },
      { name: "namespaces", folder: "namespaces", dependsOn: ["network"], prune: false, ...all },
      ...(cephfs === undefined
        ? []
        : [
            {
              name: "storage",
              folder: "storage",
              dependsOn: ["crds-snapshot", "ceph-csi-operator", ...(sealed ? ["secrets"] : [])],
              prune: false,
              waitFor: storageHealth(site),
            } as const,
          ]),
      {
        name: "policies",
        folder: "policies",
        dependsOn: ["namespaces", ...(cephfs === undefined ? [] : ["storage"])],
        prune: true,
        ...all,
      },
      { name: "monitoring", folder: "monitoring", dependsOn: ["namespaces", "crds-monitoring"], prune: true, ...all },
      // Without any workload too: what removed the last one is what deletes it.
      { name: "workloads", folder: "workloads", dependsOn: ["policies"], prune: true, ...all },
    ],
  };
}
