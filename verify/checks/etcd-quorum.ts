import { controlPlanes } from "@molly/site";
import { contains, gaps, type Interval, lengthMs } from "../history/interval.ts";
import { select } from "../history/operation.ts";
import { calmIntervals, judgedInterval } from "../history/phase.ts";
import type { Check, Evidence } from "./verdict.ts";

/** A healthy answer counts for this long, in milliseconds: the rhythm of one a second, the answer's own second, and some. */
const validMs = 2500;
/** An election takes 1 to 2 s with kubeadm's settings, twice that when the vote splits; a look a second comes on top. */
const electionMs = 5000;

/** etcd decides everything else: members that serve linearizable reads have a leader and a majority. */
export const etcdQuorum: Check = {
  name: "etcd-quorum",
  property:
    "All of etcd's members are healthy while it is calm, and a majority is never gone for longer than an election.",
  judge: (history, { site }) => {
    const whole = judgedInterval(history);
    const nodes = controlPlanes(site).map(({ name }) => name);
    const looks = select(history, "etcd");
    if (whole === undefined || looks.length === 0)
      return { verdict: "unknown", summary: "etcd was not observed.", figures: [], evidence: [] };
    const calm = calmIntervals(history);
    const sick: Evidence[] = looks
      .filter(({ type, t }) => type === "fail" && calm.some((interval) => contains(interval, t)))
      .map(({ t, process, detail }) => ({
        from: t,
        to: t + 1000,
        what: `etcd on ${process} was not healthy: ${detail}`,
      }));
    const lost = withoutMajority(
      looks.flatMap(({ t, type, process }) => (type === "ok" ? [{ node: process, from: t, to: t + validMs }] : [])),
      whole,
      Math.floor(nodes.length / 2) + 1,
    );
    const longest = Math.max(0, ...lost.map(lengthMs));
    const figures = [
      { name: "unhealthy answers in the calm", value: sick.length, bound: 0 },
      { name: "longest time without a majority", value: Math.round(longest), unit: "ms" as const, bound: electionMs },
    ];
    const evidence = [
      ...sick,
      ...lost.map((interval) => ({ ...interval, what: "no majority of healthy members was seen" })),
    ];
    if (sick.length > 0)
      return { verdict: "violated", summary: "A member was not healthy although nothing was done.", figures, evidence };
    if (longest > electionMs) {
      // Silence is no sickness: without any look in that time nothing is known.
      const looked = lost.some(
        (interval) =>
          lengthMs(interval) > electionMs && looks.some(({ t, type }) => type === "fail" && contains(interval, t)),
      );
      return looked
        ? { verdict: "violated", summary: `etcd had no majority for ${Math.round(longest)} ms.`, figures, evidence }
        : { verdict: "unknown", summary: "etcd was not observed all the time.", figures, evidence };
    }
    const seenInCalm = nodes.filter((node) =>
      looks.some(({ process, t }) => process === node && calm.some((interval) => contains(interval, t))),
    );
    if (seenInCalm.length < nodes.length)
      return { verdict: "unknown", summary: "Not every member was observed in the calm.", figures, evidence };
    return {
      verdict: "ok",
      summary: `All ${nodes.length} members were healthy in the calm, and a majority throughout.`,
      figures,
      evidence,
    };
  },
};

/** When fewer than `majority` nodes had given a healthy answer that still counts. */
function withoutMajority(
  healthy: readonly (Interval & { node: string })[],
  whole: Interval,
  majority: number,
): Interval[] {
  const edges = [
    ...new Set([whole.from, ...healthy.flatMap(({ from, to }) => [from, to]).filter((t) => contains(whole, t))]),
  ].toSorted((a, b) => a - b);
  const enough = edges.flatMap((from, index) => {
    const present = new Set(healthy.filter((interval) => contains(interval, from)).map(({ node }) => node));
    return present.size >= majority ? [{ from, to: edges[index + 1] ?? whole.to }] : [];
  });
  return gaps(whole, enough);
}
