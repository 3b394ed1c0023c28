import { type Judgement, worst } from "../checks/verdict.ts";
import type { BenchFaultName, BenchResult } from "./results.ts";
import { type Summary, summariesOf } from "./statistics.ts";
import { counted, duration, faultNames } from "./words.ts";

/** The longest gap that the engine `lease` is claimed to have, in milliseconds. */
export interface Claim {
  readonly fault: BenchFaultName;
  readonly gapMs: number;
}

export const claims: readonly Claim[] = [
  { fault: "power-off", gapMs: 1500 },
  { fault: "engine-killed", gapMs: 700 },
  { fault: "engine-frozen", gapMs: 700 },
  { fault: "haproxy-killed", gapMs: 300 },
  { fault: "cut-off", gapMs: 1200 },
  { fault: "cut-off-out", gapMs: 1200 },
  { fault: "cut-off-in", gapMs: 1200 },
  { fault: "hand-over", gapMs: 100 },
  { fault: "apiserver-killed", gapMs: 1000 },
];

/** What became of one claim. */
export interface ClaimVerdict {
  /** In a sentence's middle: "power-off: worst gap at most 1.50 s". */
  readonly claim: string;
  readonly measured: string;
  readonly verdict: Judgement;
}

/**
 * Holds the claims against what was measured, as far as it was planned. What was not measured, or not observed all the
 * time, is unknown.
 */
export function judgeClaims(result: BenchResult): ClaimVerdict[] {
  const { engines, faults } = result.head.plan;
  if (!engines.includes("lease")) return [];
  const summaries = summariesOf(result);
  const lease = summaries.filter(({ engine }) => engine === "lease");
  const of = (fault: BenchFaultName, engine = "lease"): Summary | undefined =>
    summaries.find((summary) => summary.engine === engine && summary.fault === fault);
  const planned = claims.filter(({ fault }) => faults.includes(fault));
  return [
    never("two holders", lease, ({ twoHoldersMs }) => twoHoldersMs.total, duration),
    never("two answers to an ARP question", lease, ({ twoAnswers }) => twoAnswers, String),
    ...planned.map(({ fault, gapMs }) => gapAtMost(faultNames[fault], gapMs, of(fault))),
    ...(faults.includes("power-off") && engines.includes("keepalived")
      ? [atMostHalf(of("power-off"), of("power-off", "keepalived"))]
      : []),
    ...(faults.includes("hand-over") ? [noneLost(of("hand-over"))] : []),
  ];
}

function never(
  what: string,
  summaries: readonly Summary[],
  value: (summary: Summary) => number,
  text: (value: number) => string,
): ClaimVerdict {
  const total = summaries.reduce((sum, summary) => sum + value(summary), 0);
  const repetitions = summaries.reduce((sum, { measured }) => sum + measured, 0);
  const verdict = worst(summaries.map((summary) => judged(summary, value(summary) > 0)));
  return {
    claim: `every fault: never ${what}`,
    measured: `${text(total)} in ${counted(repetitions, "repetition")}`,
    verdict,
  };
}

function gapAtMost(fault: string, bound: number, summary: Summary | undefined): ClaimVerdict {
  const claim = `${fault}: worst gap at most ${duration(bound)}`;
  return summary === undefined
    ? { claim, measured: "not measured", verdict: "unknown" }
    : { claim, measured: gapText(summary), verdict: judged(summary, summary.open || summary.gap.worst > bound) };
}

function atMostHalf(lease: Summary | undefined, keepalived: Summary | undefined): ClaimVerdict {
  const claim = "power-off: worst gap at most half of keepalived's";
  if (lease === undefined || keepalived === undefined) return { claim, measured: "not measured", verdict: "unknown" };
  const measured = `${gapText(lease)}, keepalived ${gapText(keepalived)}`;
  const verdict = judged(lease, lease.open || lease.gap.worst > keepalived.gap.worst / 2);
  return { claim, measured, verdict: worst([verdict, judged(keepalived, false)]) };
}

function noneLost(summary: Summary | undefined): ClaimVerdict {
  const claim = "planned hand-over: no request lost by a client that repeats it once";
  return summary === undefined
    ? { claim, measured: "not measured", verdict: "unknown" }
    : { claim, measured: `${summary.lost.total} lost`, verdict: judged(summary, summary.lost.total > 0) };
}

const gapText = ({ gap, open }: Summary): string => `${open ? "more than " : ""}${duration(gap.worst)}`;

/** What was seen can only be too little: a violation stands, all else does so only when everything was observed. */
const judged = ({ unseen }: Summary, violated: boolean): Judgement =>
  violated ? "violated" : unseen > 0 ? "unknown" : "ok";
