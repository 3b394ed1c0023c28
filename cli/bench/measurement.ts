/** A measured quantity, with the bound that the project sets itself where the work is its own and not a disk's. */
export interface Measurement {
  readonly what: string;
  readonly unit: "s" | "GiB" | "×";
  readonly values: readonly number[];
  readonly bound?: number;
}

export const exceeds = ({ values, bound = Infinity }: Measurement): boolean => median(values) > bound;

export function describe(measurement: Measurement): string {
  const { what, unit, values, bound } = measurement;
  const figure = (value: number): string => `${value.toFixed(2)} ${unit}`;
  const spread =
    values.length > 1
      ? ` (${figure(Math.min(...values))} to ${figure(Math.max(...values))}, ${values.length} runs)`
      : "";
  const measured = `${what}: ${figure(median(values))}${spread}`;
  return bound === undefined
    ? `  ${measured}, no bound`
    : `${exceeds(measurement) ? "✗" : "✓"} ${measured}, bound ${figure(bound)}`;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** How long some work takes, in seconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** Linux' memory file system that every distribution mounts: what a disk takes for thousands of files says nothing of Molly. */
export const memory = "/dev/shm";
