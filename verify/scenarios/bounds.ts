import type { Engine, Site } from "@molly/site";
import type { GapBounds } from "./scenario.ts";

/**
 * How long it takes an engine's others to notice that a holder is gone without a word, in milliseconds. keepalived waits for
 * three advertisements and a skew of less than one.
 */
const noticeMs: Readonly<Record<Engine, (site: Site) => number>> = {
  "lease": ({ vip }) => vip.lease.termMs + vip.lease.pollMs,
  "keepalived": ({ vip }) => 4 * vip.keepalived.advertMs,
  "heartbeat-classic": ({ heartbeat }) => heartbeat.deadMs,
};

/**
 * Bounds that hold on any host, however slow: what an engine can do on a good one is the benchmark's question. Where the
 * figures come from:
 * - Whoever takes over has to start something and announce it. With a dead time of 10 s the gap was measured at 10 to 12 s
 *   on 2 cores that carried the whole cluster, so 2 s, and one more for a slower host.
 * - A control plane that dies may take etcd's leader with it. Election takes 1 to 2 s with etcd's own settings (1000 ms),
 *   during which /readyz fails everywhere, and as long again when the first vote splits.
 * - A host that is busy elsewhere holds everything up: 700 ms were seen on every path at once, on 2 cores that compiled
 *   something beside the replica. Twice that is no outage.
 */
const hiccupMs = 1500;
const electionMs = 4000;
const takeoverMs = 3000;

/** Nothing is wrong: anything beyond a busy host is a finding. */
export const calmBounds = (): GapBounds => ({ vip: hiccupMs, others: hiccupMs });

/** The holder is gone without a word. */
export const failoverBounds = (site: Site): GapBounds => ({
  vip: noticeMs[site.vip.engine](site) + takeoverMs + electionMs,
  others: electionMs + hiccupMs,
});

/** The next holder is gone as soon as it is one. */
export const twoFailoversBounds = (site: Site): GapBounds => {
  const { vip, others } = failoverBounds(site);
  return { vip: 2 * vip, others };
};

/** The holder is slow, but there: it stays, or another takes over, in no case is the VIP left to nobody. */
export const slowHolderBounds = (site: Site): GapBounds => ({
  vip: noticeMs[site.vip.engine](site) + takeoverMs,
  others: electionMs + hiccupMs,
});

/** One process is gone and its supervisor or balancer reacts: systemd starts HAProxy 100 ms later, HAProxy tries the next server. */
export const restartBounds = (): GapBounds => ({ vip: 2000, others: hiccupMs });

/** Both daemons are alive and agree on the move: stop, announce, start. */
export const handOverBounds = (): GapBounds => ({ vip: takeoverMs, others: hiccupMs });

/** The seed's own dead time, in milliseconds: `deadtime 10`. */
const seedDeadMs = 10_000;
export const seedBounds = (): GapBounds => ({
  vip: seedDeadMs + takeoverMs + electionMs,
  others: electionMs + hiccupMs,
});
