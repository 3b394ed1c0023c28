import { longest, percentile, silences } from "../history/attempts.ts";
import { lengthMs } from "../history/interval.ts";
import { type History, select } from "../history/operation.ts";
import { judgedInterval } from "../history/phase.ts";
import type { Check } from "./verdict.ts";

/** How long the clients stood still: from one acknowledged write to the next, and from one file of another's to the next. */
export const cephfsPause: Check = {
  name: "cephfs-pause",
  property: "No client of CephFS stands still for longer than Ceph needs to notice what failed and to go on.",
  judge: (history, { scenario }) => {
    const whole = judgedInterval(history);
    const clients = [...new Set(select(history, "cephfs-write").map(({ process }) => process))];
    if (whole === undefined || clients.length === 0)
      return { verdict: "unknown", summary: "No client of CephFS worked.", figures: [], evidence: [] };
    const bound = scenario.cephfs?.pauseMs ?? 0;
    const pauses = clients.flatMap((client) => [
      { what: `${client} wrote nothing`, ...longest(silences(writesOf(history, client), whole)) },
      { what: `${client} read nothing`, ...longest(silences(readsOf(history, client), whole)) },
    ]);
    const refused = select(history, "cephfs-write").filter(({ type }) => type === "fail");
    const worst = Math.round(Math.max(...pauses.map(lengthMs)));
    const usual = percentile(
      select(history, "cephfs-write").flatMap(({ type, latencyMs }) => (type === "ok" ? [latencyMs ?? 0] : [])),
      0.5,
    );
    const figures = [
      { name: "CephFS: longest pause", value: worst, unit: "ms" as const, bound },
      { name: "refused writes", value: refused.length, bound: 0 },
      ...(usual === undefined ? [] : [{ name: "a write, median", value: Math.round(usual), unit: "ms" as const }]),
    ];
    const evidence = pauses.filter((pause) => lengthMs(pause) > shortMs);
    if (worst > bound)
      return {
        ...{ verdict: "violated", figures, evidence },
        summary: `A client stood still for ${worst} ms, bound ${bound} ms.`,
      };
    if (refused.length > 0)
      return {
        ...{ verdict: "violated", figures, evidence },
        summary: `${refused.length} writes were refused, first with ${refused[0]?.outcome}: a client is to wait, not to fail.`,
      };
    return {
      verdict: "ok",
      summary: `Clients stood still for at most ${worst} ms, bound ${bound} ms.`,
      figures,
      evidence,
    };
  },
};

/** A pause worth telling, in milliseconds: ten turns of a client. */
const shortMs = 1000;

const writesOf = (history: History, client: string) =>
  select(history, "cephfs-write").filter(({ process }) => process === client);

const readsOf = (history: History, client: string) =>
  select(history, "cephfs-read").filter(({ process }) => process === client);
