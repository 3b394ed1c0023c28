import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@molly/site";
import type { Fault } from "../faults/fault.ts";
import type { History } from "../history/operation.ts";
import type { Phase } from "../history/phase.ts";
import { Recorder } from "../history/recorder.ts";
import { observeAll } from "../observers/all.ts";
import { seeNodes } from "../observers/nodes.ts";
import type { Target } from "../target.ts";
import { recordPower } from "./record-power.ts";
import { resetHolder } from "./restore.ts";
import type { Scenario } from "./scenario.ts";
import { type Pace, usualPace } from "./pace.ts";
import { severalHolders, unsettled } from "./settled.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase, detail?: string) => void;
  /** Only tests are in a hurry. */
  readonly pace?: Pace;
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
  readonly #pace: Pace;

  constructor(target: Target, scenario: Scenario, options: RunOptions, recorder: Recorder) {
    this.#target = target;
    this.#scenario = scenario;
    this.#options = options;
    this.#recorder = recorder;
    this.#pace = options.pace ?? usualPace;
  }

  async all(): Promise<void> {
    const { circumstances } = this.#scenario;
    this.enter("setup");
    await resetHolder(this.#target, (text) => this.#note(text));
    if (circumstances === undefined) return this.#watched();
    const node = await circumstances.aim(this.#target);
    try {
      await this.#step(circumstances, "inject", node);
      await this.#watched();
    } finally {
      this.enter("teardown");
      await this.#step(circumstances, "heal", node);
    }
  }

  async #watched(): Promise<void> {
    await this.#settleBefore();
    this.enter("calm-before");
    await this.#watch(this.#pace.calmMs);
    await this.#strike();
    this.enter("recovery");
    const missing = await this.#settle();
    this.#recorder.record({
      t: Date.now(),
      process: "molly",
      f: "recovery",
      type: missing.length === 0 ? "ok" : "fail",
      missing,
    });
    if (missing.length > 0) return;
    this.enter("calm-after");
    await this.#watch(this.#pace.calmMs);
  }

  async #strike(): Promise<void> {
    const { fault, duringMs } = this.#scenario;
    const during = duringMs(this.#target.site);
    if (fault === undefined) {
      this.enter("during");
      return this.#watch(during);
    }
    const node = await fault.aim(this.#target);
    try {
      this.enter("fault", `${fault.title}: ${node}`);
      await this.#step(fault, "inject", node);
      this.enter("during");
      await this.#watch(during);
    } finally {
      this.enter("heal");
      await this.#step(fault, "heal", node);
    }
  }

  enter(phase: Phase, detail?: string): void {
    this.#recorder.record({ t: Date.now(), process: "molly", f: "phase", type: "info", phase });
    this.#options.onPhase?.(phase, detail);
  }

  async #step(fault: Fault, step: "inject" | "heal", node: string): Promise<void> {
    const mark = (type: "info" | "ok" | "fail", detail?: string): void =>
      this.#recorder.record({
        ...{ t: Date.now(), process: "molly", f: "fault", type, fault: fault.name, step, node },
        ...(detail === undefined ? {} : { detail }),
      });
    mark("info");
    try {
      await fault[step](this.#target, node);
      mark("ok");
    } catch (error) {
      mark("fail", error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async #watch(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#options.signal });
  }

  async #settleBefore(): Promise<void> {
    const missing = await this.#settle();
    if (missing.length === 0) return;
    throw new Failure({
      what: `Scenario '${this.#scenario.name}' can't begin: the cluster was not whole within ${this.#pace.recoveryLimitMs / 1000} s.`,
      seen: missing.join("\n"),
      remedy: "Look at it with `./molly lab status`; `./molly lab down` and `up` make a new one.",
    });
  }

  /** Waits until all is well; returns what was still missing when the time was up. */
  async #settle(): Promise<string[]> {
    const { site } = this.#target;
    const begin = Date.now();
    let severalSince = Infinity;
    for (;;) {
      this.#options.signal.throwIfAborted();
      const nodes = await seeNodes(this.#target);
      this.#recorder.record(nodes);
      // What was seen before this wait began may be older than what is waited for.
      const since = Math.max(begin, Date.now() - this.#pace.settledWindowMs);
      const recent = this.#recorder.since(since);
      const missing = unsettled(recent, nodes, site);
      const longEnough = Date.now() - begin >= this.#pace.settledWindowMs;
      if (missing.length === 0 && longEnough) return [];
      if (Date.now() - begin > this.#pace.recoveryLimitMs) return missing;
      severalSince = severalHolders(recent, site).length > 0 ? Math.min(severalSince, Date.now()) : Infinity;
      if (Date.now() - severalSince > this.#pace.holdersLimitMs) return missing;
      await this.#watch(this.#pace.lookMs);
    }
  }

  #note(text: string): void {
    this.#recorder.record({ t: Date.now(), process: "molly", f: "note", type: "info", text });
  }
}
