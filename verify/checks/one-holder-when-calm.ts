import { gaps, totalMs } from "../history/interval.ts";
import { calmIntervals } from "../history/phase.ts";
import { doubleHoldings, holdings } from "./holders.ts";
import { type Check, type Evidence, worst } from "./verdict.ts";

/** While nothing is done, the VIP is held all the time, by one. */
export const oneHolderWhenCalm: Check = {
  name: "one-holder-when-calm",
  property: "While nothing is done to the cluster, exactly one control plane holds the VIP, all the time.",
  judge: (history, { site }) => {
    const evidence: Evidence[] = [];
    const names = new Set<string>();
    let unseenMs = 0;
    const calm = calmIntervals(history);
    const judgements = calm.map((interval) => {
      const all = holdings(history, site, interval);
      const nobody = gaps(
        interval,
        all.flatMap(({ held, unseen }) => [...held, ...unseen]),
      );
      const several = doubleHoldings(all).filter(({ certain }) => certain);
      const unseen = totalMs(all.flatMap((one) => one.unseen));
      unseenMs += unseen;
      for (const { node, held } of all) if (held.length > 0) names.add(node);
      evidence.push(...nobody.map(({ from, to }) => ({ from, to, what: "nobody held the VIP" })));
      evidence.push(
        ...several.map(({ from, to, nodes }) => ({ from, to, what: `${nodes.join(" and ")} held the VIP` })),
      );
      if (nobody.length + several.length > 0) return "violated" as const;
      return unseen > 0 ? ("unknown" as const) : ("ok" as const);
    });
    const verdict = worst(judgements);
    return {
      verdict,
      summary: {
        ok: `One control plane held the VIP throughout (${[...names].join(", then ")}).`,
        violated: `In the calm, ${evidence
          .map(({ what }) => what)
          .filter(unique)
          .join("; ")}.`,
        unknown: calm.length === 0 ? "There was no calm phase." : "Not every control plane was observed all the time.",
      }[verdict],
      figures: [
        { name: "not as it should be", value: totalMs(evidence), unit: "ms", bound: 0 },
        { name: "not observed", value: unseenMs, unit: "ms" },
      ],
      evidence,
    };
  },
};

const unique = (value: string, index: number, all: readonly string[]): boolean => all.indexOf(value) === index;
