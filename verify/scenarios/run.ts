import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@molly/site";
import type { Fault } from "../faults/fault.ts";
import type { History } from "../history/operation.ts";
import type { Phase } from "../history/phase.ts";
import { Recorder } from "../history/recorder.ts";
import { observeAll } from "../observers/all.ts";
import { seeNeighbours } from "../observers/neighbours.ts";
import type { Target } from "../target.ts";
import { OwnSteps } from "./own-steps.ts";
import { recordPower } from "./record-power.ts";
import { resetHolder } from "./restore.ts";
import { type Act, courseOf, type Scenario } from "./scenario.ts";
import { type Pace, usualPace } from "./pace.ts";
import { type Goal, oneHolder, readyForMore, settle, wholeCluster } from "./settle.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase, detail?: string) => void;
  /** Only tests are in a hurry. */
  readonly pace?: Pace;
  /** Begins what goes on beside the scenario, and is recorded with it: from before the calm to after it. */
  readonly beside?: (target: Target, recorder: Recorder) => Promise<Beside>;
}

export interface Beside {
  /** Ends it, and records what only its end can tell. */
  stop(): Promise<void>;
}

export interface ScenarioOutcome {
  /** What was recorded, also when the run broke off. */
  readonly history: History;
  /** Why the run broke off: a `Failure` when the cluster was not well before the fault, the signal's reason when it aborted. */
  readonly brokeOff?: unknown;
}

/**
 * Does to a target what a scenario says and records what happens; judging is left to the checks. The fault is healed
 * in every case, also when a step throws or `signal` aborts.
 */
export async function runScenario(plain: Target, scenario: Scenario, options: RunOptions): Promise<ScenarioOutcome> {
  const recorder = new Recorder();
  const target = recordPower(plain, recorder);
  const run = new ScenarioRun(target, scenario, options, recorder);
  const stopObserving = observeAll(target, recorder);
  let outcome: { brokeOff?: unknown } = {};
  try {
    await run.all();
  } catch (error) {
    outcome = { brokeOff: error };
  }
  run.enter("end");
  await stopObserving();
  return { history: recorder.history(), ...outcome };
}

class ScenarioRun {
  readonly #target: Target;
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #recorder: Recorder;
  readonly #steps: OwnSteps;
  readonly #pace: Pace;

  constructor(target: Target, scenario: Scenario, options: RunOptions, recorder: Recorder) {
    this.#target = target;
    this.#scenario = scenario;
    this.#options = options;
    this.#recorder = recorder;
    this.#steps = new OwnSteps(recorder);
    this.#pace = options.pace ?? usualPace;
  }

  async all(): Promise<void> {
    const { circumstances } = this.#scenario;
    this.enter("setup");
    // A live site's engine is restarted by its operator, not by a test of it.
    if (this.#target.kind === "replica") await resetHolder(this.#target, (text) => this.#steps.note(text));
    if (circumstances === undefined) return this.#watched();
    await this.#settleBefore();
    const node = await circumstances.aim(this.#target);
    try {
      await this.#steps.carryOut(this.#target, circumstances, "inject", node);
      await this.#watched();
    } finally {
      this.enter("teardown");
      await this.#steps.carryOut(this.#target, circumstances, "heal", node);
    }
  }

  async #watched(): Promise<void> {
    await this.#settleBefore();
    const beside = await this.#options.beside?.(this.#target, this.#recorder);
    try {
      await this.#judged();
    } finally {
      if (beside !== undefined) {
        this.enter("teardown");
        await beside.stop();
      }
    }
  }

  async #judged(): Promise<void> {
    this.enter("calm-before");
    await this.#watch(this.#pace.calmBeforeMs);
    const stuck = await this.#course();
    this.enter("recovery");
    const missing = stuck.length > 0 ? stuck : await this.#settle(wholeCluster);
    this.#steps.recovered(missing);
    if (missing.length > 0) return;
    this.enter("calm-after");
    await this.#watch(this.#pace.calmAfterMs);
    this.#recorder.record(...(await seeNeighbours(this.#target)));
  }

  /** Returns what was missing when the cluster did not come to where the course waits for it; the rest is left out then. */
  async #course(): Promise<string[]> {
    const { site } = this.#target;
    const begin = performance.now();
    const unhealed = new Map<Fault, string>();
    try {
      for (const step of courseOf(this.#scenario, site, () => performance.now() - begin)) {
        this.#options.signal.throwIfAborted();
        const missing = await this.#act(step, unhealed);
        if (missing.length > 0) return missing;
      }
      return [];
    } finally {
      if (unhealed.size > 0) await this.#healAll(unhealed);
    }
  }

  /** The last first; one that can't be healed does not keep the others. */
  async #healAll(unhealed: Map<Fault, string>): Promise<void> {
    this.enter("heal");
    const errors: unknown[] = [];
    for (const fault of [...unhealed.keys()].reverse())
      await this.#heal(fault, unhealed).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }

  async #act(step: Act, unhealed: Map<Fault, string>): Promise<string[]> {
    switch (step.act) {
      case "inject": {
        const node = await step.fault.aim(this.#target);
        unhealed.set(step.fault, node);
        this.enter("fault", `${step.fault.title}: ${node}`);
        await this.#steps.carryOut(this.#target, step.fault, "inject", node);
        return [];
      }
      case "watch":
        this.enter("during");
        await this.#watch(step.ms);
        return [];
      case "heal":
        this.enter("heal");
        await this.#heal(step.fault, unhealed);
        return [];
      case "await":
        this.enter("during");
        return this.#settle(step.until === "holder" ? oneHolder : readyForMore);
    }
  }

  async #heal(fault: Fault, unhealed: Map<Fault, string>): Promise<void> {
    const node = unhealed.get(fault);
    if (node === undefined) return;
    // Not healed twice, also when it fails.
    unhealed.delete(fault);
    await this.#steps.carryOut(this.#target, fault, "heal", node);
  }

  enter(phase: Phase, detail?: string): void {
    this.#steps.enter(phase);
    this.#options.onPhase?.(phase, detail);
  }

  async #watch(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#options.signal });
  }

  async #settleBefore(): Promise<void> {
    const missing = await this.#settle(wholeCluster);
    if (missing.length === 0) return;
    throw new Failure({
      what: `Scenario '${this.#scenario.name}' can't begin: the cluster was not whole within ${this.#pace.recoveryLimitMs / 1000} s.`,
      seen: missing.join("\n"),
      remedy:
        this.#target.kind === "live"
          ? "`./molly verify --target live` tells what is not well, and what to do."
          : "Look at it with `./molly lab status`; `./molly lab down` and `up` make a new one.",
    });
  }

  #settle(goal: Goal): Promise<string[]> {
    const { signal } = this.#options;
    return settle({ target: this.#target, recorder: this.#recorder, pace: this.#pace, signal }, goal);
  }
}
