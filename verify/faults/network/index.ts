export * from "./holder-faults.ts";
export { bridge, holderAndWorkersApart } from "./partition.ts";
