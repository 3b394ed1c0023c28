export { describeJudgement, type Judgement, judgePlan, parsePlan } from "./guard/index.ts";
export { renderInfra } from "./render.ts";
export { terraformGrants } from "./servers/access.ts";
