export { compareTrees } from "./compare.ts";
export { type Danger, dangers, isAtLeast } from "./danger.ts";
export type { Diff } from "./model.ts";
export { rangeOf, readCommit, readSides, readWorkingTree } from "./read-tree.ts";
export { type Format, formats, renderDiff } from "./render/index.ts";
export { below } from "./tree.ts";
export { assignPlans, type PlanFile } from "./terraform/assign-plans.ts";
export { isToldByGuest } from "./terraform/provider-facts.ts";
