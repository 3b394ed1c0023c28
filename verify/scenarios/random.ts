import { twoFailoversBounds } from "./bounds.ts";
import { randomSchedule } from "./random-schedule.ts";
import type { Scenario } from "./scenario.ts";

/** How the scenario `random` is run. */
export interface RandomProps {
  /** Decides the faults, their order and their times. Default: 1. */
  readonly seed?: number;
  /** For how long new faults begin. Default: 1 minute. */
  readonly minutes?: number;
}

export const randomScenario = ({ seed = 1, minutes = 1 }: RandomProps): Scenario => ({
  name: "random",
  title: `One random fault after another for ${minutes} min, seed ${seed}.`,
  course: (_site, elapsedMs) => randomSchedule({ seed, lengthMs: minutes * 60_000 }, elapsedMs),
  bounds: twoFailoversBounds,
});
