import type { Fault } from "../faults/fault.ts";
import { handOver } from "../faults/hand-over.ts";
import { holderCutOff, holderDeaf, holderMute } from "../faults/network/index.ts";
import { holderPoweredOff } from "../faults/power.ts";
import { apiServerKilled, engineFrozen, engineKilled, haproxyKilled } from "../faults/processes.ts";
import type { BenchFaultName } from "./results.ts";

/** What each name stands for. Faults find out by the site which engine they are done to. */
export const faultsOfBench: Readonly<Record<BenchFaultName, Fault>> = {
  "power-off": holderPoweredOff,
  "engine-killed": engineKilled,
  "engine-frozen": engineFrozen,
  "haproxy-killed": haproxyKilled,
  "cut-off": holderCutOff,
  "cut-off-out": holderMute,
  "cut-off-in": holderDeaf,
  "hand-over": handOver,
  "apiserver-killed": apiServerKilled,
};
