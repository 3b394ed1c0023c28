import { controlPlanes, type Site } from "@molly/site";
import { type Holding, holding } from "../history/holding.ts";
import { type Interval, overlap } from "../history/interval.ts";
import type { History } from "../history/operation.ts";

/** What is known of every control plane's holding of the VIP within a stretch of time. */
export const holdings = (history: History, site: Site, whole: Interval): Holding[] =>
  controlPlanes(site).map(({ name }) => holding(history, name, whole));

/** Two nodes that had the VIP at the same time. */
export interface DoubleHolding extends Interval {
  readonly nodes: readonly [string, string];
  /** False when one of them was not observed all the while: it may have let go in between. */
  readonly certain: boolean;
}

/** Every stretch of time in which two nodes held the VIP, pair by pair. */
export function doubleHoldings(all: readonly Holding[]): DoubleHolding[] {
  return all
    .flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const))
    .flatMap(([a, b]) =>
      a.held.flatMap((mine) =>
        b.held.flatMap((theirs) => {
          const both = overlap(mine, theirs);
          if (both === undefined) return [];
          const hidden = [...a.unseen, ...b.unseen].some(({ from, to }) => from <= both.from && both.to <= to);
          return [{ ...both, nodes: [a.node, b.node] as const, certain: !hidden }];
        }),
      ),
    )
    .toSorted((a, b) => a.from - b.from);
}
