export { renderHosts } from "./render-hosts.ts";
