export { type CanalImages, canalImages } from "./canal/images.ts";
export { folders } from "./folders.ts";
export { clusterImages, renderCluster } from "./render-cluster.ts";
export { workloadRule } from "./src/workloads/rule.ts";
export { type Tenant, type WorkloadProps } from "./src/workloads/props.ts";
export { lost, mayBeStateful, nameOf, statefulObject } from "./stateful.ts";
