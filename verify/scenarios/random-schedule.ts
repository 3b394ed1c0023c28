import { diskFull } from "../faults/disk-full.ts";
import type { Fault } from "../faults/fault.ts";
import { handOver } from "../faults/hand-over.ts";
import * as network from "../faults/network/index.ts";
import { holderFrozen, holderPoweredOff, standbyPoweredOff } from "../faults/power.ts";
import * as processes from "../faults/processes.ts";
import { type Choices, choicesFrom } from "./choices.ts";
import type { Act } from "./scenario.ts";

/**
 * Every fault after which a client of the prober's is right to expect the VIP: so not the partition that leaves the prober
 * with the minority.
 */
export const deck: readonly Fault[] = [
  ...[processes.engineKilled, processes.engineFrozen, processes.haproxyKilled, processes.haproxyFrozen],
  ...[processes.apiServerKilled, processes.apiServerFrozen, processes.etcdLeaderKilled, network.apiServerSlow],
  ...[network.holderCutOff, network.holderMute, network.holderDeaf, network.bridge],
  ...[network.holderLossy, network.holderDelayed, network.holderLossyAndDelayed],
  ...[holderPoweredOff, standbyPoweredOff, holderFrozen, handOver, diskFull],
];

/** What may strike whoever holds the VIP while another fault is in force: nothing of it costs etcd a second member. */
const seconds: readonly Fault[] = [processes.engineKilled, processes.haproxyKilled, processes.engineFrozen];

export interface ScheduleProps {
  readonly seed: number;
  /** No new fault begins after this time. */
  readonly lengthMs: number;
}

/**
 * One fault after the other for a while, all of them in random order before any comes again: so one that has a long
 * aftermath, as the kubelet's back-off for what was killed often, does not come too often. Now and then whoever
 * holds the VIP then is struck too.
 */
export function* randomSchedule({ seed, lengthMs }: ScheduleProps, elapsedMs: () => number): Generator<Act> {
  const choices = choicesFrom(seed);
  for (;;)
    for (const fault of choices.shuffled(deck)) {
      if (elapsedMs() >= lengthMs) return;
      yield* strike(fault, choices);
    }
}

function* strike(fault: Fault, { between, chance, shuffled }: Choices): Generator<Act> {
  const second = shuffled(seconds).find(({ name }) => name !== fault.name);
  const inject = { act: "inject", fault } as const;
  const watch = { act: "watch", ms: Math.round(between(300, 6000)) } as const;
  const heal = { act: "heal", fault } as const;
  const ready = { act: "await", until: "quorum" } as const;
  const rest = { act: "watch", ms: Math.round(between(0, 1500)) } as const;
  if (second === undefined || !chance(0.25)) return yield* [inject, watch, heal, ready, rest];
  const injectSecond = [
    { act: "await", until: "holder" },
    { act: "inject", fault: second },
  ] as const;
  yield* [inject, ...injectSecond, watch, { act: "heal", fault: second }, heal, ready, rest];
}
