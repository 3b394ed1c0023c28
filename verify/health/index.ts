export { healthChecks } from "./checks.ts";
export { kubectlOn, kubectlWith } from "./kubectl.ts";
export type { Kubectl, Look } from "./look.ts";
export { runHealth } from "./run.ts";
