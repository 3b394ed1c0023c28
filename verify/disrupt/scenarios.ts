import type { Site } from "@molly/site";
import { scenarios } from "../scenarios/index.ts";
import { usualPace } from "../scenarios/pace.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { armed, canBeArmed } from "./armed.ts";

/**
 * Scenarios for live machines: one fault on one machine, that the machine can heal by itself, and nothing that is known to do
 * harm. Power, clocks and partitions of several machines stay with the replica.
 */
export const liveScenarios: readonly Scenario[] = scenarios.filter(
  ({ fault, circumstances, course, knownViolations }) =>
    course === undefined &&
    knownViolations === undefined &&
    [fault, circumstances].every((one) => one === undefined || canBeArmed(one)),
);

/** How much longer than the fault itself the switch waits, in milliseconds: it must not heal what is being watched. */
const patienceMs = 60_000;

/** The scenario with its faults armed. */
export function armedScenario(scenario: Scenario, site: Site): Scenario {
  const { fault, circumstances } = scenario;
  const seconds = Math.ceil(((scenario.duringMs?.(site) ?? 0) + patienceMs) / 1000);
  // In force from before the calm until after it.
  const whole =
    seconds + Math.ceil((usualPace.calmBeforeMs + usualPace.calmAfterMs + 2 * usualPace.recoveryLimitMs) / 1000);
  return {
    ...scenario,
    ...(fault === undefined ? {} : { fault: armed(fault, seconds) }),
    ...(circumstances === undefined ? {} : { circumstances: armed(circumstances, whole) }),
  };
}

/** How long scenarios take at worst, in milliseconds: settled late, watched, healed by the switch, and settled late again. */
export const longestMs = (chosen: readonly Scenario[], site: Site): number =>
  chosen.reduce(
    (sum, { duringMs }) =>
      sum +
      2 * usualPace.recoveryLimitMs +
      usualPace.calmBeforeMs +
      usualPace.calmAfterMs +
      (duringMs?.(site) ?? 0) +
      patienceMs,
    0,
  );
