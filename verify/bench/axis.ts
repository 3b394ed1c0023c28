/** A horizontal axis of times on a logarithmic scale: 20 ms and 20 s are both read off it. */
export interface LogAxis {
  /** The place of a time in milliseconds; what lies beyond an end is drawn at that end. */
  readonly x: (ms: number) => number;
  /** Round times to draw a line at, in milliseconds. */
  readonly ticks: readonly number[];
  readonly left: number;
  readonly right: number;
}

/** An attempt every 20 ms sees nothing shorter: the axis begins with half of that. */
const shortestMs = 10;

/** What stands between two labels at least, in the picture's own units: "200 ms" is that wide. */
const labelWidth = 44;

/** An axis from `left` to `right`, long enough for the longest of the times. */
export function logAxis(times: readonly number[], left: number, right: number): LogAxis {
  const longest = Math.max(1000, ...times) * 1.15;
  const decades = Math.log(longest / shortestMs);
  const x = (ms: number): number => {
    const share = Math.log(Math.max(ms, shortestMs) / shortestMs) / decades;
    return left + Math.min(1, share) * (right - left);
  };
  const steps = x(2 * shortestMs) - x(shortestMs) < labelWidth ? [10] : [10, 20, 50];
  const ticks = [1, 10, 100, 1000, 10_000]
    .flatMap((decade) => steps.map((step) => step * decade))
    .filter((tick) => tick <= longest);
  return { x, ticks, left, right };
}
