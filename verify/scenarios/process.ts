import { vipAwayFromEtcdLeader, withTheVip } from "../faults/etcd-leader.ts";
import { handOver } from "../faults/hand-over.ts";
import { apiServerSlow } from "../faults/network/index.ts";
import * as faults from "../faults/processes.ts";
import { calmBounds, failoverBounds, handOverBounds, restartBounds } from "./bounds.ts";
import type { Scenario } from "./scenario.ts";

/** Longer than any of these takes to show all its consequences, in milliseconds. */
const duringMs = (): number => 5000;
/** A whole term more: what is frozen for so long has long been replaced. */
const frozenMs = (): number => 6000;

/** Nothing, and what concerns one program on one machine. */
export const processScenarios: readonly Scenario[] = [
  { name: "calm", title: "Nothing is done.", core: true, duringMs: () => 2000, bounds: calmBounds },
  {
    name: "apiserver-killed",
    title: "The API server beside the VIP's holder is killed; its kubelet starts it anew.",
    core: true,
    fault: faults.apiServerKilled,
    duringMs,
    bounds: restartBounds,
  },
  {
    name: "apiserver-frozen",
    title: "The API server beside the VIP's holder is frozen, and thawed.",
    fault: faults.apiServerFrozen,
    // Longer than HAProxy takes to call it unready.
    duringMs: () => 10_000,
    bounds: restartBounds,
  },
  {
    name: "apiserver-slow",
    title: "The API server beside the VIP's holder answers late.",
    fault: apiServerSlow,
    duringMs,
    bounds: restartBounds,
  },
  {
    name: "haproxy-killed",
    title: "HAProxy crashes on the VIP's holder; systemd may start it anew.",
    core: true,
    fault: faults.haproxyKilled,
    duringMs,
    bounds: restartBounds,
  },
  {
    name: "haproxy-frozen",
    title: "HAProxy freezes on the VIP's holder, and is thawed.",
    fault: faults.haproxyFrozen,
    duringMs: frozenMs,
    bounds: failoverBounds,
  },
  {
    name: "engine-killed",
    title: "The VIP's engine crashes on the holder; systemd may start it anew.",
    fault: faults.engineKilled,
    duringMs,
    bounds: failoverBounds,
  },
  {
    name: "engine-frozen",
    title: "The VIP's engine freezes on the holder, and is thawed after the take-over.",
    core: true,
    fault: faults.engineFrozen,
    duringMs: frozenMs,
    bounds: failoverBounds,
  },
  {
    name: "hand-over",
    title: "An operator moves the VIP away from its holder.",
    core: true,
    fault: handOver,
    duringMs: () => 4000,
    bounds: handOverBounds,
  },
  {
    name: "etcd-leader-killed-on-holder",
    title: "etcd's leader is killed, on the machine that holds the VIP.",
    fault: withTheVip(faults.etcdLeaderKilled),
    duringMs,
    bounds: failoverBounds,
  },
  {
    name: "etcd-leader-killed-elsewhere",
    title: "etcd's leader is killed, on a machine that does not hold the VIP.",
    circumstances: vipAwayFromEtcdLeader,
    fault: faults.etcdLeaderKilled,
    duringMs,
    bounds: failoverBounds,
  },
];
