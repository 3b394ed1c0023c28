import type { Pace } from "../scenarios/pace.ts";

/** The times by which a repetition is run, in milliseconds. */
export interface BenchPace extends Pace {
  /** How long the fault lasts at least: two holders come only when a dead time has passed. */
  readonly faultMs: number;
  /** How long the VIP must have answered before the fault is healed. */
  readonly answeredMs: number;
  /** How long the VIP may stay silent before the fault is healed all the same. */
  readonly silenceLimitMs: number;
  /** What is seen reaches the recorder within this time. */
  readonly lateMs: number;
}

/** A hundred and some repetitions have to fit into an hour. */
export const benchPace: BenchPace = {
  // Waiting for a settled cluster has watched it already, before and after.
  calmBeforeMs: 500,
  calmAfterMs: 0,
  // The slowest engine takes over 4 to 5 s after its holder fell silent.
  faultMs: 6000,
  answeredMs: 1000,
  silenceLimitMs: 30_000,
  // A machine that boots, and the kubelet's back-off for an API server that was killed before.
  recoveryLimitMs: 180_000,
  // They are restarted then: no engine was seen to resolve them later than that by itself.
  holdersLimitMs: 3000,
  // Twice the rhythm of the slowest observers.
  settledWindowMs: 2000,
  lookMs: 250,
  lateMs: 300,
};
