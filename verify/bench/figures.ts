import type { Site } from "@molly/site";
import { doubleHoldings, holdings } from "../checks/holders.ts";
import { neverTwoHolders } from "../checks/never-two-holders.ts";
import { attemptsByPath, longest, lostThoughTriedTwice, silences } from "../history/attempts.ts";
import { contains, gaps, type Interval, lengthMs, totalMs } from "../history/interval.ts";
import { type ApiAttempt, type History, select } from "../history/operation.ts";
import { judgedInterval, phaseIntervals } from "../history/phase.ts";
import { apiPaths } from "../observers/paths.ts";

/** What one repetition showed, by its history alone. Times in milliseconds. */
export interface Figures {
  /** The longest time without an answer through the VIP that the fault made: it had not ended when the fault struck, and began before the heal. */
  readonly gapMs: number;
  /** The same of what began with the heal or after it: a second outage. */
  readonly healGapMs: number;
  /** Whether the VIP was still silent at the end: then its gap is longer than the figure says. */
  readonly open: boolean;
  /** For how long at least two control planes had the VIP at once. */
  readonly twoHoldersMs: number;
  /** ARP questions for the VIP that two machines answered. */
  readonly twoAnswers: number;
  /** Requests through the VIP that failed, and failed again when the client repeated them once. */
  readonly lost: number;
  /** Whether all was as before after the heal, by itself. */
  readonly recovered: boolean;
  /** Why the figures may be too low: what was not observed. Empty when all was. */
  readonly unseen: readonly string[];
}

/** Undefined when the fault was never injected. */
export function figuresOf(history: History, site: Site): Figures | undefined {
  const whole = judgedInterval(history);
  const strike = select(history, "fault").find(({ step, type }) => step === "inject" && type === "info");
  const heal = phaseIntervals(history).find(({ phase }) => phase === "heal");
  if (whole === undefined || strike === undefined || heal === undefined) return undefined;

  const [vip] = apiPaths(site);
  const attempts = (attemptsByPath(history).get(vip?.name ?? "") ?? []).filter(({ t }) => contains(whole, t));
  const silent = silences(attempts, whole);
  const gap = longest(silent.filter(({ from, to }) => to > strike.t && from < heal.from));
  const certain = doubleHoldings(holdings(history, site, whole)).filter((double) => double.certain);
  return {
    gapMs: Math.round(lengthMs(gap)),
    healGapMs: Math.round(lengthMs(longest(silent.filter(({ from }) => from >= heal.from)))),
    open: attempts.findLast(({ type }) => type !== "unknown")?.type === "fail",
    twoHoldersMs: Math.round(covered(whole, certain)),
    twoAnswers: select(history, "arp").filter(({ t, macs }) => macs.length > 1 && contains(whole, t)).length,
    lost: lostThoughTriedTwice(attempts),
    recovered: select(history, "recovery")[0]?.type === "ok",
    unseen: unseen(history, site, attempts, gap),
  };
}

/** How much of `whole` the parts cover; where they overlap it counts once. */
const covered = (whole: Interval, parts: readonly Interval[]): number => lengthMs(whole) - totalMs(gaps(whole, parts));

function unseen(history: History, site: Site, attempts: readonly ApiAttempt[], gap: Interval): string[] {
  // Of the check only its verdict is used: no bound of a scenario plays a part in it.
  const scenario = { name: "", title: "", duringMs: () => 0, bounds: () => ({ vip: 0, others: 0 }) };
  const { verdict, summary } = neverTwoHolders.judge(history, { site, scenario });
  const skipped = attempts.filter(({ type }) => type === "unknown").length;
  // The answer that ended it tells nothing of what was before.
  const tried = attempts.some(
    ({ t, type, latencyMs }) => contains(gap, t) && !(type === "ok" && t + latencyMs >= gap.to),
  );
  return [
    ...(verdict === "unknown" ? [summary] : []),
    ...(skipped > 0 ? [`${skipped} attempts on the VIP were skipped.`] : []),
    ...(!tried && lengthMs(gap) > 100 ? ["Nobody tried the VIP in its longest gap."] : []),
  ];
}
