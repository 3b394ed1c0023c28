export { renderInfra } from "./render.ts";
