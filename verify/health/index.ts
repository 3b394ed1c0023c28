export { healthChecks } from "./checks.ts";
export { kubectlOn, kubectlWith } from "./kubectl.ts";
export type { Look } from "./look.ts";
export { runHealth } from "./run.ts";
