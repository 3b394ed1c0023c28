import { apiPaths } from "../observers/paths.ts";
import { lengthMs, overlap } from "../history/interval.ts";
import { type History, select } from "../history/operation.ts";
import { judgedInterval } from "../history/phase.ts";
import type { Interval } from "../history/interval.ts";
import { isSevered, strikesOf } from "./struck.ts";
import type { Check } from "./verdict.ts";

/**
 * Beyond the VIP's own bound: noticing that a silent connection is dead (the kernel asks every second), one attempt
 * that waits for a SYN to be repeated, and the first of Kubernetes' answers.
 */
const reconnectMs = 4000;

/** A controller's view: the stream breaks with the machine that carried it, and goes on from where it was. */
export const watchSurvives: Check = {
  name: "watch-survives",
  property: "A watch through the VIP is broken for no longer than the VIP plus a reconnection, and misses nothing.",
  judge: (history, { site, scenario }) => {
    const whole = judgedInterval(history);
    const steps = select(history, "watch");
    const path = apiPaths(site).find(({ kind }) => kind === "vip");
    const severed = path !== undefined && isSevered(path, strikesOf(history));
    if (whole === undefined || !steps.some(({ what }) => what === "established"))
      return { verdict: "unknown", summary: "No watch was ever established.", figures: [], evidence: [] };
    const broken = breaks(history, whole);
    const expired = steps.filter(({ what, t }) => what === "expired" && t >= whole.from && t < whole.to);
    const events = steps.filter(({ what, t }) => what === "event" && t >= whole.from && t < whole.to);
    const longest = Math.max(0, ...broken.map(lengthMs));
    const bound = scenario.bounds(site).vip + reconnectMs;
    const figures = [
      { name: "events", value: events.length },
      { name: "times broken", value: broken.length },
      { name: "longest break", value: Math.round(longest), unit: "ms" as const, ...(severed ? {} : { bound }) },
      { name: "had to start over", value: expired.length, bound: 0 },
    ];
    const evidence = broken.map(({ from, to, reason }) => ({
      from,
      to,
      what: `the watch through the VIP was broken: ${reason}`,
    }));
    if (expired.length > 0)
      return {
        verdict: "violated",
        summary: "The watch could not go on from where it was: events were missed.",
        figures,
        evidence,
      };
    if (longest > bound && !severed)
      return {
        verdict: "violated",
        summary: `The watch was broken for ${Math.round(longest)} ms, bound ${bound} ms.`,
        figures,
        evidence,
      };
    if (events.length === 0)
      return { verdict: "unknown", summary: "The watch told of nothing all the time.", figures, evidence };
    const summary =
      broken.length === 0
        ? `Never broken, ${events.length} events.`
        : `Broken ${broken.length === 1 ? "once" : `${broken.length} times, at most`} for ${Math.round(longest)} ms, and resumed without a loss.`;
    return { verdict: "ok", summary, figures, evidence };
  },
};

/** From each end of the watch to when it was established again. */
function breaks(history: History, whole: Interval): (Interval & { reason: string })[] {
  const found: (Interval & { reason: string })[] = [];
  let broken: { from: number; reason: string } | undefined;
  for (const { what, t, reason = "unknown" } of select(history, "watch")) {
    if (what === "ended") broken ??= { from: t, reason };
    if (what === "established" && broken) {
      found.push({ ...broken, to: t });
      broken = undefined;
    }
  }
  if (broken && broken.reason !== "stopped") found.push({ ...broken, to: whole.to });
  return found.flatMap((interval) => {
    const inside = overlap(interval, whole);
    return inside ? [{ ...interval, ...inside }] : [];
  });
}
