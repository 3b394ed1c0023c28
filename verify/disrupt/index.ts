export { disturb } from "./disturb.ts";
export { demandWindow, gateChecks, sickness } from "./gates.ts";
export { liveScenarios, longestMs } from "./scenarios.ts";
export { type WindowState, windowAt } from "./window.ts";
