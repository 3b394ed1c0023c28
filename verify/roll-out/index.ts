export { rollOutAllAtOnce, switchEngine } from "./all-at-once.ts";
export { describePlan } from "./describe.ts";
export { siteLockVariable, type SiteLock, takeSiteLock } from "./lock.ts";
export { hasWork, planRollOut } from "./plan.ts";
export { rollOut, type RollOutProps } from "./roll-out.ts";
