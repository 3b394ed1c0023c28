import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@molly/site";
import { restartEngine } from "../faults/engine.ts";
import type { Fault } from "../faults/fault.ts";
import { findHolders } from "../faults/holder.ts";
import type { Phase } from "../history/phase.ts";
import { settle } from "../scenarios/settle.ts";
import { outlast, readyForRepetition, type Watched } from "./settle.ts";

/**
 * Does one fault to a target that is being observed, once: a scenario's phases at a benchmark's pace. The fault is healed
 * in every case.
 * @throws Failure when the cluster is not well before the fault; whatever the fault throws; the signal's reason.
 */
export async function repeat(watched: Watched, fault: Fault): Promise<void> {
  const { target, pace, signal } = watched;
  const mark = marks(watched, fault);
  mark.phase("setup");
  await settleBefore(watched);
  mark.phase("calm-before");
  await pause(pace.calmBeforeMs, undefined, { signal });
  const node = await fault.aim(target);
  try {
    mark.phase("fault");
    await mark.step("inject", node, () => fault.inject(target, node));
    mark.phase("during");
    await outlast(watched);
  } finally {
    mark.phase("heal");
    await mark.step("heal", node, () => fault.heal(target, node));
  }
  mark.phase("recovery");
  mark.recovery(await settle(watched, readyForRepetition));
  mark.phase("end");
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

/** Records what the repetition does, as a scenario's run does. */
function marks({ recorder }: Watched, fault: Fault) {
  const record = (type: "info" | "ok" | "fail", step: "inject" | "heal", node: string, detail?: string): void =>
    recorder.record({
      ...{ t: Date.now(), process: "molly", f: "fault", type, fault: fault.name, step, node, severs: fault.severs },
      ...(detail === undefined ? {} : { detail }),
    });
  return {
    phase: (phase: Phase): void =>
      recorder.record({ t: Date.now(), process: "molly", f: "phase", type: "info", phase }),
    recovery: (missing: readonly string[]): void => {
      const type = missing.length === 0 ? "ok" : "fail";
      recorder.record({ t: Date.now(), process: "molly", f: "recovery", type, missing });
    },
    step: async (step: "inject" | "heal", node: string, act: () => Promise<void>): Promise<void> => {
      record("info", step, node);
      try {
        await act();
        record("ok", step, node);
      } catch (error) {
        record("fail", step, node, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  };
}
