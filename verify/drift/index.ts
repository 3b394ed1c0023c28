export { driftOfObjects } from "./objects.ts";
export { liveSides } from "./live-sides.ts";
