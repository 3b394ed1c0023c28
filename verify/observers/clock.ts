import type { Recorder } from "../history/recorder.ts";

/** How often the clocks of this process are compared, in milliseconds. */
const intervalMs = 1000;

/** Records this process's wall and monotonic clock until `signal` aborts: a step between them falsifies every interval. */
export function recordClock(recorder: Recorder, signal: AbortSignal): void {
  const read = (): void => {
    const wallMs = Date.now();
    recorder.record({ t: wallMs, process: "molly", f: "clock", type: "info", wallMs, monotonicMs: performance.now() });
  };
  read();
  const timer = setInterval(read, intervalMs);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
