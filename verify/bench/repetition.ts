import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@molly/site";
import { restartEngine } from "../faults/engine.ts";
import type { Fault } from "../faults/fault.ts";
import { findHolders } from "../faults/holder.ts";
import { OwnSteps } from "../scenarios/own-steps.ts";
import { settle } from "../scenarios/settle.ts";
import { outlast, readyForRepetition, type Watched } from "./settle.ts";

/**
 * Does one fault to a target that is being observed, once: a scenario's phases at a benchmark's pace. The fault is healed
 * in every case.
 * @throws Failure when the cluster is not well before the fault; whatever the fault throws; the signal's reason.
 */
export async function repeat(watched: Watched, fault: Fault): Promise<void> {
  const { target, pace, signal } = watched;
  const steps = new OwnSteps(watched.recorder);
  steps.enter("setup");
  await settleBefore(watched);
  steps.enter("calm-before");
  await pause(pace.calmBeforeMs, undefined, { signal });
  const node = await fault.aim(target);
  try {
    steps.enter("fault");
    await steps.carryOut(target, fault, "inject", node);
    steps.enter("during");
    await outlast(watched);
  } finally {
    steps.enter("heal");
    await steps.carryOut(target, fault, "heal", node);
  }
  steps.enter("recovery");
  steps.recovered(await settle(watched, readyForRepetition));
  steps.enter("end");
}

/** What an earlier repetition may have left: two holders stay two, unless the engine is started anew. */
async function settleBefore(watched: Watched): Promise<void> {
  const { target, pace } = watched;
  if ((await findHolders(target)).length > 1) await restartEngine(target);
  const missing = await settle(watched, readyForRepetition);
  if (missing.length === 0) return;
  throw new Failure({
    what: `A repetition can't begin: the cluster was not ready for it within ${pace.recoveryLimitMs / 1000} s.`,
    seen: missing.join("\n"),
    remedy: "Look at it with `./molly lab status`; `./molly lab down` and `up` make a new one.",
  });
}
