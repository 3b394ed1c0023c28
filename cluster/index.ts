export { type CanalImages, canalImages } from "./canal/images.ts";
export { folders } from "./folders.ts";
export { renderCluster } from "./render-cluster.ts";
