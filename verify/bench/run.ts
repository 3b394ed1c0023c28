import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "@molly/site";
import type { Fault } from "../faults/fault.ts";
import { Recorder } from "../history/recorder.ts";
import { observeAll } from "../observers/all.ts";
import { recordPower } from "../scenarios/record-power.ts";
import { restoreTarget } from "../scenarios/restore.ts";
import type { Target } from "../target.ts";
import { cut } from "./cut.ts";
import { faultsOfBench } from "./faults.ts";
import { figuresOf } from "./figures.ts";
import { addRepetition, storeHistory } from "./folder.ts";
import { type BenchPace, benchPace } from "./pace.ts";
import { nameOf } from "./plan.ts";
import { repeat } from "./repetition.ts";
import type { BenchFaultName, Repetition, Turn } from "./results.ts";
import { duration, faultNames } from "./words.ts";

export interface BenchProps {
  /** Runs the engine of its site. */
  readonly target: Target;
  /** Of that engine. */
  readonly turns: readonly Turn[];
  /** The results' folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (detail: string) => void;
  /** Only tests are in a hurry, and break nothing. */
  readonly pace?: BenchPace;
  readonly faults?: Readonly<Record<BenchFaultName, Fault>>;
}

/** How many repetitions share their observers: these end by themselves after half an hour. */
const sessionLength = 15;
/** So many repetitions that break off one after another are no accident. */
const patience = 3;

/**
 * Takes one engine's turns; the result of each is kept as soon as it is known. The observers run on between them: starting
 * them costs the machines more than a fault does.
 * @throws the signal's reason; what the last repetition broke off with when several did so one after another
 */
export async function benchEngine(props: BenchProps): Promise<void> {
  const { turns, say } = props;
  let taken = 0;
  let inVain = 0;
  for (let first = 0; first < turns.length; first += sessionLength) {
    const recorder = new Recorder();
    const target = recordPower(props.target, recorder);
    const stopObserving = observeAll(target, recorder);
    try {
      for (const turn of turns.slice(first, first + sessionLength)) {
        say(`${++taken} of ${turns.length}: ${faultNames[turn.fault]} ${turn.number}`);
        const { repetition, error } = await take(turn, { ...props, target }, recorder);
        await addRepetition(props.folder, repetition);
        say(`${taken} of ${turns.length}: ${tell(repetition)}`);
        inVain = error === undefined ? 0 : inVain + 1;
        if (inVain === patience) throw error;
        if (error !== undefined) await restoreTarget(target);
      }
    } finally {
      await stopObserving();
    }
  }
}

async function take(
  turn: Turn,
  { target, folder, signal, pace = benchPace, faults = faultsOfBench }: BenchProps,
  recorder: Recorder,
): Promise<{ repetition: Repetition; error?: unknown }> {
  const begin = Date.now();
  const started = { ...turn, startedAt: new Date(begin).toISOString() };
  let error: unknown;
  try {
    await repeat({ target, recorder, pace, signal }, faults[turn.fault]);
  } catch (cause) {
    // What an interruption cut short is no result.
    signal.throwIfAborted();
    error = cause;
  }
  await pause(pace.lateMs);
  const history = cut(recorder.history(), begin);
  const repetition = { ...started, history: await storeHistory(folder, nameOf(turn), history) };
  const figures = error === undefined ? figuresOf(history, target.site) : undefined;
  if (figures !== undefined) return { repetition: { ...repetition, figures } };
  error ??= new Error("Its history has no fault.");
  return { repetition: { ...repetition, brokeOff: messageOf(error) }, error };
}

function tell({ fault, figures, brokeOff }: Repetition): string {
  if (figures === undefined) return `${faultNames[fault]} broke off: ${brokeOff}`;
  const two = figures.twoHoldersMs > 0 ? `, two holders for ${duration(figures.twoHoldersMs)}` : "";
  return `${faultNames[fault]} ${figures.open ? "more than " : ""}${duration(figures.gapMs)}${two}`;
}
