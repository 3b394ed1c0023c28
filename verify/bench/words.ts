import type { Engine } from "@molly/site";
import type { BenchFaultName } from "./results.ts";

/** How the engines are called, in the order in which they are shown. */
export const engineNames = {
  "lease": "lease",
  "keepalived": "keepalived",
  "heartbeat-classic": "Heartbeat, classic",
} as const satisfies Record<Engine, string>;

/** What is done to the VIP's holder, in the order in which it is shown. */
export const faultNames = {
  "power-off": "power-off",
  "engine-killed": "engine killed",
  "engine-frozen": "engine frozen",
  "haproxy-killed": "HAProxy killed",
  "cut-off": "cut off both ways",
  "cut-off-out": "nothing gets out",
  "cut-off-in": "nothing gets in",
  "hand-over": "planned hand-over",
  "apiserver-killed": "API server killed",
} as const satisfies Record<BenchFaultName, string>;

/** A length of time in its reader's unit: `340 ms`, `1.09 s`, `19.0 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** `1 request`, `5 requests`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
