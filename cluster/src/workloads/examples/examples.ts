import { type Tenant } from "../props.ts";
import { echo } from "./echo.ts";
import { journal } from "./journal.ts";

/** Both ways in one namespace; start your own from them. */
export const examples: Tenant = {
  namespace: "examples",
  quota: { milliCores: 1500, memoryMiB: 512, pods: 12, storageGiB: 5 },
  workloads: [echo, journal],
};
