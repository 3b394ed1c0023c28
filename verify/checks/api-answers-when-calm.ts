import { attemptsByPath } from "../history/attempts.ts";
import { contains, totalMs } from "../history/interval.ts";
import { calmIntervals } from "../history/phase.ts";
import { apiPaths } from "../observers/paths.ts";
import { attemptIntervalMs } from "../observers/prober.ts";
import { type Check, type Evidence, type Judgement, worst } from "./verdict.ts";

/** Below this share of the attempts that were due, a path was hardly looked at. */
const enough = 0.5;

/** Every attempt on every path is answered while nothing is done. */
export const apiAnswersWhenCalm: Check = {
  name: "api-answers-when-calm",
  property: "While nothing is done to the cluster, every path to the API answers every time.",
  judge: (history, { site }) => {
    const calm = calmIntervals(history);
    const byPath = attemptsByPath(history);
    let dueInAll = 0;
    const evidence: Evidence[] = [];
    let attemptsInAll = 0;
    let failuresInAll = 0;
    const judgements = apiPaths(site).map((path): Judgement => {
      const { name } = path;
      const due = totalMs(calm) / attemptIntervalMs(path);
      dueInAll += due;
      const attempts = (byPath.get(name) ?? []).filter(({ t }) => calm.some((interval) => contains(interval, t)));
      const failed = attempts.filter(({ type }) => type === "fail");
      attemptsInAll += attempts.length;
      failuresInAll += failed.length;
      evidence.push(
        ...failed
          .slice(0, 20)
          .map(({ t, latencyMs, outcome }) => ({ from: t, to: t + latencyMs, what: `${name}: ${outcome}` })),
      );
      if (failed.length > 0) return "violated";
      return due > 0 && attempts.filter(({ type }) => type === "ok").length >= due * enough ? "ok" : "unknown";
    });
    const verdict = worst(judgements);
    return {
      verdict,
      summary: {
        ok: `Every one of ${attemptsInAll} attempts on ${judgements.length} paths was answered.`,
        violated: `${failuresInAll} of ${attemptsInAll} attempts failed although nothing was done.`,
        unknown: `Too few attempts were recorded: ${attemptsInAll} of about ${Math.round(dueInAll)}.`,
      }[verdict],
      figures: [
        { name: "attempts", value: attemptsInAll },
        { name: "failed", value: failuresInAll, bound: 0 },
      ],
      evidence,
    };
  },
};
