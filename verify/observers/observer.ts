import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "@molly/site";
import type { Operation } from "../history/operation.ts";
import type { Recorder } from "../history/recorder.ts";
import type { OnLine, Stream, Target } from "../target.ts";

/** Something that looks at a target and prints a line for what it sees. */
export interface Observer {
  readonly name: string;
  /** On whose behalf it records: a node, or `prober`. */
  readonly process: string;
  start(target: Target, onLine: OnLine): Promise<Stream>;
  /** What a printed line says; undefined when it is not understood. Pure. */
  parse(line: string): readonly Operation[] | undefined;
}

/** How long to wait before an observer that ended by itself is started anew, in milliseconds. */
const restartMs = 300;

/**
 * Keeps an observer running until `signal` aborts, whatever happens to its machine, and records what it sees. Each
 * session is framed by marks: `begin` at its first line, `end` when it fell silent.
 */
export async function observe(
  target: Target,
  observer: Observer,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  const { name, process } = observer;
  const mark = (what: "begin" | "end"): void =>
    recorder.record({ t: Date.now(), process, f: "observer", type: "info", observer: name, what });
  const note = (text: string): void =>
    recorder.record({ t: Date.now(), process, f: "note", type: "info", text: `${name}: ${text}` });

  while (!signal.aborted) {
    let began = false;
    const onLine = (line: string): void => {
      const operations = observer.parse(line);
      // Whoever is told to stop may have something to say about it.
      if (operations === undefined) return signal.aborted ? undefined : note(line);
      if (!began) mark("begin");
      began = true;
      recorder.record(...operations);
    };
    try {
      const stream = await observer.start(target, onLine);
      const aborted = untilAborted(signal);
      await Promise.race([stream.ended, aborted.promise]);
      aborted.forget();
      await stream.stop();
    } catch (error) {
      note(`could not be started: ${messageOf(error)}`);
    }
    if (began) mark("end");
    if (!signal.aborted) await pause(restartMs, undefined, { signal }).catch(() => undefined);
  }
}

function untilAborted(signal: AbortSignal): { promise: Promise<void>; forget: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = (): void => resolve();
  signal.addEventListener("abort", listener, { once: true });
  return { promise, forget: () => signal.removeEventListener("abort", listener) };
}

/** Reads a line that a probe printed as an operation. */
export function parseJsonOperation(line: string): readonly Operation[] | undefined {
  try {
    const operation = JSON.parse(line) as Partial<Operation>;
    return typeof operation.t === "number" && typeof operation.f === "string" ? [operation as Operation] : undefined;
  } catch {
    return undefined;
  }
}
