import { contains } from "../history/interval.ts";
import { judgedInterval, phaseIntervals } from "../history/phase.ts";
import { holdings } from "./holders.ts";
import type { Check, Finding } from "./verdict.ts";

/** A move back is a second outage, and nobody needs it. */
export const staysAfterHeal: Check = {
  name: "stays-after-heal",
  property: "From the heal on the VIP stays where it is, unless the site wants it back.",
  judge: (history, { site }) => {
    const whole = judgedInterval(history);
    const heal = phaseIntervals(history).findLast(({ phase }) => phase === "heal");
    if (whole === undefined)
      return { verdict: "unknown", summary: "The cluster never was calm.", figures: [], evidence: [] };
    if (heal === undefined) return allowed("Nothing was healed.");
    if (site.vip.failback) return allowed("The site wants the VIP back.");
    const all = holdings(history, site, { from: heal.from, to: whole.to });
    const before = all.filter(({ held }) => held.some((interval) => contains(interval, heal.from)));
    const [holder] = before;
    if (holder === undefined || before.length > 1)
      return allowed(`When it was healed, ${before.length === 0 ? "nobody" : "more than one"} held the VIP.`);
    const evidence = all
      .filter(({ node }) => node !== holder.node)
      .flatMap(({ node, held }) => held.map((interval) => ({ ...interval, what: `${node} held the VIP` })));
    const figures = [{ name: "moves after the heal", value: evidence.length, bound: 0 }];
    if (evidence.length === 0) return { verdict: "ok", summary: `It stayed on ${holder.node}.`, figures, evidence };
    const summary = `It was on ${holder.node} when all was healed, then ${evidence.map(({ what }) => what).join(", ")}.`;
    return { verdict: "violated", summary, figures, evidence };
  },
};

const allowed = (summary: string): Finding => ({ verdict: "ok", summary, figures: [], evidence: [] });
