import { lengthMs, totalMs } from "../history/interval.ts";
import { select } from "../history/operation.ts";
import { judgedInterval } from "../history/phase.ts";
import { doubleHoldings, holdings } from "./holders.ts";
import type { Check } from "./verdict.ts";

/**
 * A machine that has just been switched on has no address yet that an observer could miss for long: its first look
 * finds what the boot gave it. Longer than this, in milliseconds, and nobody knows what happened meanwhile.
 */
const bootLimitMs = 10_000;

/** The seed's promise: "at any point in time only one VM". */
export const neverTwoHolders: Check = {
  name: "never-two-holders",
  property: "At no moment do two control planes have the VIP among their addresses.",
  judge: (history, { site }) => {
    const whole = judgedInterval(history);
    if (whole === undefined)
      return {
        verdict: "unknown",
        summary: "The cluster never was calm, so nothing was judged.",
        figures: [],
        evidence: [],
      };
    const all = holdings(history, site, whole);
    const boots = select(history, "power").filter(({ state, type }) => state === "on" && type === "info");
    const found = doubleHoldings(all);
    const certain = found.filter((double) => double.certain);
    const unseen = all.flatMap((one) => one.unseen.map((interval) => ({ ...interval, node: one.node })));
    const unexplained = unseen.filter(
      (interval) =>
        lengthMs(interval) > bootLimitMs || !boots.some(({ node, t }) => node === interval.node && t === interval.from),
    );
    const evidence = certain.map(({ from, to, nodes }) => ({ from, to, what: `${nodes.join(" and ")} held the VIP` }));
    const figures = [
      { name: "two holders", value: totalMs(certain), unit: "ms" as const, bound: 0 },
      { name: "not observed", value: totalMs(unseen), unit: "ms" as const },
    ];
    if (certain.length > 0) {
      const seconds = (totalMs(certain) / 1000).toFixed(1);
      const who = [...new Set(certain.flatMap(({ nodes }) => nodes))].join(", ");
      return {
        verdict: "violated",
        summary: `Two at a time held the VIP for ${seconds} s in all: ${who}.`,
        figures,
        evidence,
      };
    }
    if (found.length + unexplained.length > 0) {
      const where = unexplained.map(({ from, to, node }) => ({ from, to, what: `${node} was not observed` }));
      return {
        verdict: "unknown",
        summary: "Not every control plane was observed all the time.",
        figures,
        evidence: where,
      };
    }
    return { verdict: "ok", summary: "Never two.", figures, evidence };
  },
};
