export { ensureImages, type ImageMode, type LabImages, labVersions } from "./images/index.ts";
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
export { attempt, interact, run } from "./process.ts";
