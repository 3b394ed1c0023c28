export { contains, formatAddress, type Network, parseAddress, parseNetwork } from "./ipv4.ts";
export { installerBridge, reservedMemoryGiB } from "./hypervisor.ts";
export { loadSite, loadSites } from "./load.ts";
export { haproxyHealthPort, haproxyMetricsPort, inEphemeralRange } from "./ports.ts";
export { Failure, type FailureText, messageOf, reasonOf } from "./failure.ts";
export { isDnsLabel, isDnsName, listed } from "./names.ts";
export { didYouMean } from "./did-you-mean.ts";
export { renderSite } from "./render.ts";
export { type Rule, repetitions, rule } from "./rules/rule.ts";
export { type RenderedFile } from "./rendered-file.ts";
export { type GatewayMachine } from "./schema/gateway.ts";
export {
  type Disk,
  type Engine,
  type Machine,
  type Maintenance,
  type Server,
  type Site,
  type SiteInput,
  SiteSchema,
} from "./schema.ts";
export { type HealthCheckName, healthCheckNames } from "./schema/health.ts";
export { weekdays } from "./schema/maintenance.ts";
export { type Pins } from "./schema/pins.ts";
export { formatPins, pinsFile } from "./pins/pins-file.ts";
export { apiEndpoint, controlPlanes, firstControlPlane, preferredHolder, virtualMachines, workers } from "./select.ts";
export { describeProblem, InvalidSite, type Problem } from "./problem.ts";
export { sites } from "./sites/index.ts";
export { supportedKubernetes } from "./rules/versions.ts";
export { validate } from "./validate.ts";
