import { attemptsByPath, longest, lostThoughTriedTwice, percentile, silences } from "../history/attempts.ts";
import { contains, lengthMs } from "../history/interval.ts";
import { select } from "../history/operation.ts";
import { judgedInterval } from "../history/phase.ts";
import { apiPaths } from "../observers/paths.ts";
import { isSevered, strikesOf } from "./struck.ts";
import { type Check, type Evidence, type Figure, type Judgement, worst } from "./verdict.ts";

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** How long clients went without an answer, path by path. */
export const apiGap: Check = {
  name: "api-gap",
  property: "On no path does the API stay unanswered for longer than the scenario's bound.",
  judge: (history, { site, scenario }) => {
    const whole = judgedInterval(history);
    // Only a run that came to its end can tell that no gap was longer: one that broke off may have ended inside it.
    const complete = select(history, "recovery").length > 0;
    if (whole === undefined)
      return {
        verdict: "unknown",
        summary: "The cluster never was calm, so nothing was judged.",
        figures: [],
        evidence: [],
      };
    const bounds = scenario.bounds(site);
    const byPath = attemptsByPath(history);
    const strikes = strikesOf(history);
    const figures: Figure[] = [];
    const evidence: Evidence[] = [];
    let vip = "";
    const judgements = apiPaths(site).map((path): Judgement => {
      const attempts = (byPath.get(path.name) ?? []).filter(({ t }) => contains(whole, t));
      const answered = attempts.filter(({ type }) => type === "ok").map(({ latencyMs }) => latencyMs);
      const gap = longest(silences(attempts, whole));
      const severed = isSevered(path, strikes);
      const bound = path.kind === "vip" ? bounds.vip : bounds.others;
      if (path.kind === "vip")
        vip = `Longest gap through the VIP: ${Math.round(lengthMs(gap))} ms${severed ? "" : ` (bound ${bound} ms)`}.`;
      figures.push({
        name: `${path.name}: longest gap`,
        value: round(lengthMs(gap)),
        unit: "ms",
        ...(severed ? {} : { bound }),
      });
      for (const [name, share] of [
        ["p50", 0.5],
        ["p99", 0.99],
      ] as const) {
        const value = percentile(answered, share);
        figures.push({ name: `${path.name}: ${name}`, value: value === undefined ? "none" : round(value), unit: "ms" });
      }
      const failed = attempts.filter(({ type }) => type === "fail").length;
      figures.push({ name: `${path.name}: failed`, value: `${failed} of ${attempts.length}` });
      if (path.kind === "vip")
        figures.push({
          name: `${path.name}: lost by a client that tries twice`,
          value: lostThoughTriedTwice(attempts),
        });
      if (severed) return "ok";
      if (attempts.length === 0) return "unknown";
      if (lengthMs(gap) <= bound) return complete ? "ok" : "unknown";
      // Attempts that nobody made are no outage of the cluster's.
      const tried = attempts.some(({ t, type }) => type === "fail" && contains(gap, t));
      evidence.push({
        ...gap,
        what: `${path.name} was ${tried ? "not answered" : "not tried"} for ${Math.round(lengthMs(gap))} ms, bound ${bound} ms`,
      });
      return tried ? "violated" : "unknown";
    });
    const verdict = worst(judgements);
    return {
      verdict,
      summary: {
        ok: vip,
        violated: `${evidence.map(({ what }) => what).join("; ")}.`,
        unknown: `${vip} Too little was recorded to say that no path's gap was longer than its bound.`,
      }[verdict],
      figures,
      evidence,
    };
  },
};
