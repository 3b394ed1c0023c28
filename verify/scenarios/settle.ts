import { setTimeout as pause } from "node:timers/promises";
import type { History } from "../history/operation.ts";
import type { Recorder } from "../history/recorder.ts";
import { seeNodes } from "../observers/nodes.ts";
import type { Target } from "../target.ts";
import type { Pace } from "./pace.ts";
import { holdersIn, notReadyForMore, severalHolders, unsettled } from "./settled.ts";

/** What a wait looks at. */
export interface Watched {
  readonly target: Target;
  readonly recorder: Recorder;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** What is waited for. */
export interface Goal {
  /** @returns what is missing, judged by what was recorded just now */
  missing(watched: Watched, recent: () => History): Promise<string[]>;
  /** Nothing missing once is enough; otherwise it must be so for a while. */
  readonly atOnce?: boolean;
}

export const wholeCluster: Goal = {
  missing: async ({ target, recorder }, recent) => {
    const nodes = await seeNodes(target);
    recorder.record(nodes);
    return unsettled(recent(), nodes, target.site);
  },
};

export const readyForMore: Goal = {
  missing: async ({ target }, recent) => notReadyForMore(recent(), target.site),
};

/** The moment at which somebody has the VIP. */
export const oneHolder: Goal = {
  atOnce: true,
  missing: async ({ target }, recent) =>
    holdersIn(recent(), target.site).length === 1 ? [] : ["not one machine holds the VIP"],
};

/** How soon that moment is noticed, in milliseconds. */
const promptMs = 50;

/** Waits for a goal; returns what was still missing when the time was up. @throws the signal's reason */
export async function settle(watched: Watched, goal: Goal): Promise<string[]> {
  const { target, recorder, pace, signal } = watched;
  const begin = Date.now();
  let severalSince = Infinity;
  // What was seen before this wait began may be older than what is waited for.
  const recent = (): History => recorder.since(Math.max(begin, Date.now() - pace.settledWindowMs));
  for (;;) {
    signal.throwIfAborted();
    const missing = await goal.missing(watched, recent);
    const now = Date.now();
    if (missing.length === 0 && (goal.atOnce || now - begin >= pace.settledWindowMs)) return [];
    if (now - begin > pace.recoveryLimitMs) return missing;
    const several = severalHolders(recent(), target.site).length > 0;
    severalSince = several ? Math.min(severalSince, now) : Infinity;
    if (now - severalSince > pace.holdersLimitMs) return missing;
    await pause(goal.atOnce ? Math.min(promptMs, pace.lookMs) : pace.lookMs, undefined, { signal });
  }
}
