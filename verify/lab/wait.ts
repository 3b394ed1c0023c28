import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@molly/site";

export interface WaitOptions {
  /** What is waited for, for the error: "kube3 to be Ready". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly remedy: string;
  readonly signal?: AbortSignal;
}

/**
 * Polls until the condition holds; the condition says what it saw instead.
 * @throws Failure with the last observation when the time is up.
 */
export async function waitFor(condition: () => Promise<true | string>, options: WaitOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const seen = await condition();
    if (seen === true) return;
    if (performance.now() > deadline)
      throw new Failure({
        what: `Waited ${options.timeoutMs / 1000} s for ${options.what}.`,
        seen,
        remedy: options.remedy,
      });
    await pause(options.intervalMs ?? 200, undefined, options.signal ? { signal: options.signal } : {});
  }
}
