export { describeJudgement } from "./describe.ts";
export { type Judgement, judgePlan } from "./judge.ts";
export { parsePlan } from "./plan.ts";
