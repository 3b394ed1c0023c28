/**
 * Where each part lies, relative to `dist/<site>/`. The same paths go into the files' names and into Flux's
 * Kustomizations, so the two can't drift apart.
 */
export const folders = {
  crds: "cluster/network/crds",
  canal: "cluster/network/canal",
  namespaces: "cluster/namespaces",
  storage: "cluster/storage",
  policies: "cluster/policies",
  monitoring: "cluster/monitoring",
  workloads: "cluster/workloads",
  flux: "cluster/flux",
} as const;

export type Folder = keyof typeof folders;
