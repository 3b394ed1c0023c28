/** A measured quantity with the bound that the project sets itself. */
export interface Measurement {
  readonly what: string;
  readonly unit: "s" | "GiB" | "×";
  readonly values: readonly number[];
  readonly bound: number;
}

export const exceeds = ({ values, bound }: Measurement): boolean => median(values) > bound;

export function describe(measurement: Measurement): string {
  const { what, unit, values, bound } = measurement;
  const figure = (value: number): string => `${value.toFixed(2)} ${unit}`;
  const spread =
    values.length > 1
      ? ` (${figure(Math.min(...values))} to ${figure(Math.max(...values))}, ${values.length} runs)`
      : "";
  return `${exceeds(measurement) ? "✗" : "✓"} ${what}: ${figure(median(values))}${spread}, bound ${figure(bound)}`;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
