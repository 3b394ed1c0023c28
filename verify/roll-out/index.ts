export { rollOutAllAtOnce, switchEngine } from "./all-at-once.ts";
export { describePlan } from "./describe.ts";
export { hasWork, planRollOut } from "./plan.ts";
export { rollOut, type RollOutProps } from "./roll-out.ts";
