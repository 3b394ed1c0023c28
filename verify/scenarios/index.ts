import { Failure } from "@molly/site";
import { cephfsScenarios } from "./cephfs.ts";
import { clusterScenarios } from "./cluster.ts";
import { networkScenarios } from "./network.ts";
import { processScenarios } from "./process.ts";
import { randomScenario, type RandomProps } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { seedScenario } from "./seed.ts";

/** Every scenario, in the order in which they run: what disturbs most comes last. */
export const scenariosWith = (random: RandomProps): readonly Scenario[] => [
  ...processScenarios,
  ...cephfsScenarios,
  ...networkScenarios,
  ...clusterScenarios,
  randomScenario(random),
  seedScenario,
];

/** The scenarios, the random one as the default has it. */
export const scenarios = scenariosWith({});

/** Whether any scenario of these names has pods that share a CephFS volume. */
export const needsCeph = (names: readonly string[]): boolean =>
  scenarios.some(({ name, cephfs }) => cephfs !== undefined && names.includes(name));

/** The names of those that every `./molly test` runs. */
export const coreScenarios: readonly string[] = scenarios.filter(({ core }) => core).map(({ name }) => name);

/** The scenarios by these names, in the order in which they run. @throws Failure when a name is unknown. */
export function findScenarios(names: readonly string[], random: RandomProps = {}): Scenario[] {
  const known = scenarios.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Failure({
      what: `There is no scenario '${unknown.join("', '")}'.`,
      remedy: `Choose among: ${known.join(", ")}.`,
    });
  return scenariosWith(random).filter(({ name }) => names.includes(name));
}

export type { RandomProps } from "./random.ts";
export type { GapBounds, Scenario } from "./scenario.ts";
