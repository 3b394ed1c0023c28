export { describeJudgement, type Judgement, judgePlan, parsePlan } from "./guard/index.ts";
export { renderInfra } from "./render.ts";
export { debianImage } from "./stacks/debian-image.ts";
export { terraformGrants } from "./servers/access.ts";
