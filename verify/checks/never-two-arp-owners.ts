import { nodesByMac, ownerOf } from "../history/macs.ts";
import { contains, gaps, lengthMs, totalMs } from "../history/interval.ts";
import { select } from "../history/operation.ts";
import { judgedInterval } from "../history/phase.ts";
import { arpIntervalMs } from "../observers/prober.ts";
import type { Check, Evidence } from "./verdict.ts";

/** Without a question for this long, in milliseconds, the prober was not there to see. */
const silenceLimitMs = 10 * arpIntervalMs;

/** What the network sees: whoever answers gets the packets. */
export const neverTwoArpOwners: Check = {
  name: "never-two-arp-owners",
  property: "No ARP question for the VIP is answered by two machines.",
  judge: (history) => {
    const whole = judgedInterval(history);
    const asked = select(history, "arp").filter(({ t }) => whole !== undefined && contains(whole, t));
    const doubles = asked.filter(({ macs }) => macs.length > 1);
    const macs = nodesByMac(history);
    const owners = (list: readonly string[]): string =>
      list
        .map((mac) => ownerOf(macs, mac))
        .sort()
        .join(" and ");
    const evidence = joined(
      doubles.map((question) => ({
        from: question.t,
        to: question.t + arpIntervalMs,
        what: `${owners(question.macs)} answered`,
      })),
    );
    const missed = whole
      ? gaps(
          whole,
          asked.map(({ t }) => ({ from: t, to: t + silenceLimitMs })),
        )
      : [];
    const figures = [
      { name: "questions", value: asked.length },
      { name: "answered by two", value: doubles.length, bound: 0 },
      { name: "not asked", value: totalMs(missed), unit: "ms" as const },
    ];
    if (doubles.length > 0) {
      const who = [...new Set(doubles.flatMap((question) => question.macs.map((mac) => ownerOf(macs, mac))))].join(
        ", ",
      );
      return {
        verdict: "violated",
        summary: `${doubles.length} of ${asked.length} questions were answered by two: ${who}.`,
        figures,
        evidence,
      };
    }
    if (asked.length === 0 || missed.some((interval) => lengthMs(interval) > silenceLimitMs))
      return { verdict: "unknown", summary: "The network was not asked all the time.", figures, evidence };
    return { verdict: "ok", summary: `None of ${asked.length} questions had two answers.`, figures, evidence };
  },
};

/** Questions with the same answer, one soon after the other, as one stretch of time. */
function joined(evidence: readonly Evidence[]): Evidence[] {
  const result: Evidence[] = [];
  for (const piece of evidence) {
    const last = result.at(-1);
    if (last?.what === piece.what && piece.from - last.to < silenceLimitMs)
      result[result.length - 1] = { ...last, to: piece.to };
    else result.push(piece);
  }
  return result;
}
