import type { Failure } from "@molly/site";
import { locked } from "../roll-out/lock.ts";
import { judgementOf, type RunResult, type ScenarioResult } from "../report/result.ts";
import { writeResult } from "../report/run-folder.ts";
import type { RunOptions } from "../scenarios/run.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { carryOut } from "../suites/carry-out.ts";
import type { Target } from "../target.ts";
import { connectionLost } from "./connection.ts";
import { demandWindow } from "./gates.ts";
import { armedScenario, longestMs } from "./scenarios.ts";

export interface DisturbProps {
  readonly target: Target;
  /** In this order. */
  readonly scenarios: readonly Scenario[];
  /** Where histories and the result go. */
  readonly folder: string;
  readonly head: Omit<RunResult, "scenarios">;
  readonly signal: AbortSignal;
  readonly onPhase?: (scenario: string, phase: string, detail?: string) => void;
  /** Only tests are in a hurry. */
  readonly pace?: RunOptions["pace"];
}

/**
 * Runs scenarios on a live site, one after another, each fault armed. Ends at the first that does not hold: what comes after would
 * only be worse. When `signal` aborts or the connection is lost, the fault is healed first.
 * @throws Failure when there is no window or another run has the lock; the signal's reason when it aborted
 */
export async function disturb({
  target,
  scenarios,
  folder,
  head,
  signal,
  onPhase,
  pace,
}: DisturbProps): Promise<RunResult> {
  const results: ScenarioResult[] = [];
  await locked(target, async () => {
    for (const scenario of scenarios) {
      signal.throwIfAborted();
      demandWindow(target.site, Date.now(), longestMs([scenario], target.site));
      const options = {
        folder,
        onPhase: (phase: string, detail?: string) => onPhase?.(scenario.name, phase, detail),
        ...(pace === undefined ? {} : { pace }),
      };
      const result = await whileConnected(target, signal, async (both) => {
        const carried = await carryOut(target, armedScenario(scenario, target.site), { ...options, signal: both });
        return carried.result;
      });
      results.push(result);
      await writeResult(folder, { ...head, scenarios: results });
      if (judgementOf(result) !== "ok") return;
    }
  });
  signal.throwIfAborted();
  return { ...head, scenarios: results };
}

/** Aborts the work when the connection is lost. */
async function whileConnected<T>(
  target: Target,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const done = new AbortController();
  const watching = connectionLost(target, done.signal).then((failure: Failure | undefined) => {
    if (failure !== undefined) lost.abort(failure);
  });
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    done.abort();
    await watching;
  }
}
