import type { Engine } from "@molly/site";
import { percentile } from "../history/attempts.ts";
import type { Figures } from "./figures.ts";
import { type BenchFaultName, benchFaults, type BenchResult, engines, type Repetition } from "./results.ts";

/** All repetitions of one fault with one engine. Times in milliseconds. */
export interface Summary {
  readonly engine: Engine;
  readonly fault: BenchFaultName;
  /** How many of them have figures. */
  readonly measured: number;
  readonly brokeOff: number;
  readonly gap: Spread;
  /** Whether a gap had not ended with its repetition: the worst is longer than the figure says. */
  readonly open: boolean;
  readonly healGap: Spread;
  readonly twoHoldersMs: { readonly total: number; readonly worst: number; readonly repetitions: number };
  readonly twoAnswers: number;
  readonly lost: { readonly total: number; readonly worst: number };
  /** After how many heals all was as before, by itself. */
  readonly recovered: number;
  /** In how many repetitions something was not observed. */
  readonly unseen: number;
}

export interface Spread {
  readonly median: number;
  /** Nearest rank: with fewer than 100 repetitions it is the worst. */
  readonly p99: number;
  readonly worst: number;
}

/** A summary for each fault and engine of which there is a repetition with figures, fault by fault. */
export function summariesOf({ repetitions }: Pick<BenchResult, "repetitions">): Summary[] {
  return benchFaults.flatMap((fault) =>
    engines.flatMap((engine) => {
      const mine = repetitions.filter((one) => one.engine === engine && one.fault === fault);
      return mine.some(({ figures }) => figures !== undefined) ? [summaryOf(engine, fault, mine)] : [];
    }),
  );
}

function summaryOf(engine: Engine, fault: BenchFaultName, repetitions: readonly Repetition[]): Summary {
  const all = repetitions.flatMap(({ figures }) => figures ?? []);
  const values = (of: (figures: Figures) => number): number[] => all.map(of);
  const two = values(({ twoHoldersMs }) => twoHoldersMs);
  const lost = values((figures) => figures.lost);
  return {
    engine,
    fault,
    measured: all.length,
    brokeOff: repetitions.length - all.length,
    gap: spreadOf(values(({ gapMs }) => gapMs)),
    open: all.some(({ open }) => open),
    healGap: spreadOf(values(({ healGapMs }) => healGapMs)),
    twoHoldersMs: { total: sum(two), worst: Math.max(...two), repetitions: two.filter((ms) => ms > 0).length },
    twoAnswers: sum(values(({ twoAnswers }) => twoAnswers)),
    lost: { total: sum(lost), worst: Math.max(...lost) },
    recovered: all.filter(({ recovered }) => recovered).length,
    unseen: all.filter(({ unseen }) => unseen.length > 0).length,
  };
}

const spreadOf = (values: readonly number[]): Spread => ({
  median: percentile(values, 0.5) ?? 0,
  p99: percentile(values, 0.99) ?? 0,
  worst: Math.max(...values),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
