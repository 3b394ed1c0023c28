/** The times by which a scenario is run, in milliseconds. */
export interface Pace {
  /** How long the calm is watched before anything is done: the slowest observers look once a second. */
  readonly calmBeforeMs: number;
  /** How long the calm is watched afterwards. */
  readonly calmAfterMs: number;
  /** How long the cluster may take to be whole again. */
  readonly recoveryLimitMs: number;
  /** How long several holders may take to become one. */
  readonly holdersLimitMs: number;
  /** How far back to look when judging whether all is well. */
  readonly settledWindowMs: number;
  /** Between two looks. */
  readonly lookMs: number;
}

export const usualPace: Pace = {
  calmBeforeMs: 2500,
  calmAfterMs: 3000,
  // A machine that boots, the back-off of its static pods (10 s, 20 s, …), and 40 s until a node counts as lost.
  recoveryLimitMs: 180_000,
  // Three times what a starting Heartbeat waits for its peers; waiting three minutes was never seen to help.
  holdersLimitMs: 30_000,
  // Twice the rhythm of the slowest observers, and some.
  settledWindowMs: 2500,
  lookMs: 500,
};
