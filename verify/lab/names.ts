import type { Site } from "@molly/site";

/** Labels on everything that a replica owns in the container engine; `down` sweeps by them. */
export const label = {
  /** The site's name. */
  site: "molly.site",
  /** The machine's name. */
  node: "molly.node",
  /** Hash of everything the replica was made from. */
  inputs: "molly.inputs",
  /** A server's name, where it is there for Ceph alone. */
  ceph: "molly.ceph",
} as const;

/** Two replicas of different sites run side by side: every name starts with the site's. */
export const containerName = (site: Site, node: string): string => `${site.name}-${node}`;

export const proberName = (site: Site): string => containerName(site, "prober");

export const networkName = (site: Site): string => `molly-${site.name}`;

/** The control group that holds every machine of every replica, where the engine lets one be named. */
export const replicaGroup = "/molly";
