export {
  type CephImages,
  ensureCephImages,
  ensureImages,
  imageDigest,
  ensureTerraformImages,
  type ImageMode,
  type LabImages,
  labVersions,
  type StepReport,
  type TerraformImages,
} from "./images/index.ts";
export { upCeph } from "./ceph/up.ts";
export { readRenderedSite, withWorkers } from "./inputs.ts";
export {
  checkHost,
  down,
  engineHasContainers,
  kubeconfig,
  type NodeStatus,
  shellCommand,
  status,
  up,
  type UpProps,
} from "./lab.ts";
export { runSilently, type Step, type StepRunner } from "./step.ts";
export { replicaTarget } from "./target.ts";
export { attempt, interact, type Output, run } from "./process.ts";
export {
  applyStack,
  openTerraformReplica,
  planStack,
  startApply,
  type TerraformReplica,
  upThroughTerraform,
} from "./proxmox/containers/through-terraform.ts";
export { type StackName, stackOrder } from "./proxmox/containers/stacks.ts";
export { containerName } from "./names.ts";
export { waitFor } from "./wait.ts";
export { type Applied, applyRepeatedly, manifestOf } from "./api-server/apply.ts";
export { oldestAndNewest, type ReleasedPrograms } from "./api-server/programs.ts";
export { type ApiServer, startApiServer } from "./api-server/start.ts";
export { standInCrds } from "./crds/stand-in-crds.ts";
export { upstreamCrds } from "./crds/upstream-crds.ts";
