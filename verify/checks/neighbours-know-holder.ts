import { contains } from "../history/interval.ts";
import { nodesByMac, ownerOf } from "../history/macs.ts";
import { type NeighbourSeen, select } from "../history/operation.ts";
import { calmIntervals } from "../history/phase.ts";
import { arpIntervalMs } from "../observers/prober.ts";
import { holdings } from "./holders.ts";
import type { Check, Evidence } from "./verdict.ts";

/** A neighbour that has missed the announcement sends to whom had the VIP before, for seconds (keepalived#166). */
export const neighboursKnowHolder: Check = {
  name: "neighbours-know-holder",
  property: "Once all is as before, every machine sends what is for the VIP to the one that holds it.",
  judge: (history, { site }) => {
    const calm = calmIntervals(history).findLast(({ phase }) => phase === "calm-after");
    if (calm === undefined)
      return select(history, "recovery").length > 0
        ? { verdict: "ok", summary: "Not asked: all was never as before.", figures: [], evidence: [] }
        : { verdict: "unknown", summary: "The run ended before all was as before.", figures: [], evidence: [] };
    const all = holdings(history, site, calm);
    const holderAt = (t: number): string | undefined =>
      all.find(({ held }) => held.some((interval) => contains(interval, t)))?.node;
    const macs = nodesByMac(history);

    const looks = lastOfEach(select(history, "neighbour").filter(({ t }) => contains(calm, t)));
    const wrongEntries: Evidence[] = looks.flatMap(({ t, process, mac }) => {
      const holder = holderAt(t);
      const known = mac === undefined ? undefined : ownerOf(macs, mac);
      if (known === undefined || holder === undefined || process === holder || known === holder) return [];
      return [{ from: t, to: t, what: `${process} takes ${known} for the holder, it is ${holder}` }];
    });
    const questions = select(history, "arp").filter(({ t }) => contains(calm, t));
    const wrongAnswers: Evidence[] = questions.flatMap(({ t, macs: answers }) => {
      const holder = holderAt(t);
      const strangers = answers.map((mac) => ownerOf(macs, mac)).filter((owner) => owner !== holder);
      if (holder === undefined || strangers.length === 0) return [];
      return [{ from: t, to: t + arpIntervalMs, what: `${strangers.join(" and ")} answered, the holder is ${holder}` }];
    });

    const evidence = [...wrongEntries, ...wrongAnswers];
    const figures = [
      { name: "machines that know another holder", value: wrongEntries.length, bound: 0 },
      { name: "answers of others", value: wrongAnswers.length, bound: 0 },
    ];
    if (evidence.length > 0) return { verdict: "violated", summary: `${evidence[0]?.what}.`, figures, evidence };
    const missing = site.machines.filter(({ name }) => !looks.some(({ process }) => process === name));
    if (missing.length > 0 || questions.length === 0)
      return { verdict: "unknown", summary: "Not every machine was asked.", figures, evidence };
    return { verdict: "ok", summary: `All ${looks.length} machines know the holder.`, figures, evidence };
  },
};

const lastOfEach = (looks: readonly NeighbourSeen[]): NeighbourSeen[] => [
  ...new Map(looks.map((look) => [look.process, look])).values(),
];
