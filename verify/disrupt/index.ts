export { disturb } from "./disturb.ts";
export { demandWindow, sickness } from "./gates.ts";
export { liveScenarios, longestMs } from "./scenarios.ts";
export { type WindowState, windowAt } from "./window.ts";
