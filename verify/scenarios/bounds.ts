import type { Site } from "@molly/site";
import type { GapBounds } from "./scenario.ts";

/**
 * Where the figures come from:
 * - Heartbeat calls a peer dead after `deadMs` of silence and then starts the resource. With a dead time of 10 s the gap
 *   was measured at 10 to 12 s (on 2 cores that carried the whole cluster), so 2 s for noticing and taking over, and
 *   one more for a slower host.
 * - A control plane that dies may take etcd's leader with it. Election takes 1 to 2 s with kubeadm's settings (1000 ms),
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
export const failoverBounds = ({ heartbeat: { deadMs } }: Site): GapBounds => ({
  vip: deadMs + takeoverMs + electionMs,
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
