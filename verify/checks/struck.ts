import { type History, select } from "../history/operation.ts";
import type { Interval } from "../history/interval.ts";
import type { ApiPath } from "../observers/paths.ts";
import type { Scenario } from "../scenarios/scenario.ts";

/** Which node the fault struck, and from its injection's start to when all was as before. */
export interface Strike extends Interval {
  readonly node: string;
}

/** Undefined when the scenario has no fault, or it was never injected. */
export function strikeOf(history: History, { fault }: Scenario): Strike | undefined {
  const injected = select(history, "fault").find((step) => step.fault === fault?.name && step.step === "inject");
  if (injected === undefined) return undefined;
  const recovered = select(history, "recovery")[0];
  return { node: injected.node, from: injected.t, to: recovered?.t ?? history.at(-1)?.t ?? injected.t };
}

/** Whether the fault takes the path away until its heal, so that nothing can be asked of it. */
export function isSevered(path: ApiPath, { fault }: Scenario, strike: Strike | undefined): boolean {
  if (strike === undefined || path.node !== strike.node) return false;
  return fault?.severs === "node" || (fault?.severs === "api" && path.kind === "api");
}
