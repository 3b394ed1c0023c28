import { k8s } from "cdk8s-plus-27";

/** Processor time in thousandths of a core and memory in MiB (2^20 bytes). */
interface Amount {
  readonly milliCores: number;
  readonly memoryMiB: number;
}

/**
 * A container's request and limit. Requests are what the scheduler sets aside: Molly's machines have 2 cores and
 * 4 GiB, so Canal's are kept near its idle use. Limits only stop a runaway.
 */
export function resources(request: Amount, limit: Amount): k8s.ResourceRequirements {
  return { requests: quantities(request), limits: quantities(limit) };
}

/** For containers that run once before the others: they never add to a pod's request while it is below the others'. */
export const initResources = (): k8s.ResourceRequirements =>
  resources({ milliCores: 10, memoryMiB: 32 }, { milliCores: 1000, memoryMiB: 256 });

const quantities = ({ milliCores, memoryMiB }: Amount): Record<string, k8s.Quantity> => ({
  cpu: k8s.Quantity.fromString(`${milliCores}m`),
  memory: k8s.Quantity.fromString(`${memoryMiB}Mi`),
});
