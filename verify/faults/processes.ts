import { apiServer, engine, etcd, haproxy, processFault } from "./process-fault.ts";
import { findEtcdLeader } from "./etcd-leader.ts";

/** Its supervisor starts it anew: Debian's unit of HAProxy and Molly's of the engine say `Restart=always`. */
export const engineKilled = processFault({
  name: "engine-killed",
  title: "the VIP's engine is killed on the holder",
  severs: "nothing",
  processes: engine,
  harm: "killed",
});

/** It is let go on only when another machine has long had the VIP. */
export const engineFrozen = processFault({
  name: "engine-frozen",
  title: "the VIP's engine is frozen on the holder",
  severs: "nothing",
  processes: engine,
  harm: "frozen",
});

export const haproxyKilled = processFault({
  name: "haproxy-killed",
  title: "HAProxy is killed on the VIP's holder",
  severs: "nothing",
  processes: haproxy,
  harm: "killed",
});

/** Its sockets are open, so the kernel goes on accepting connections. */
export const haproxyFrozen = processFault({
  name: "haproxy-frozen",
  title: "HAProxy is frozen on the VIP's holder",
  severs: "haproxy",
  processes: haproxy,
  harm: "frozen",
});

/** The kubelet starts its static pod anew. */
export const apiServerKilled = processFault({
  name: "apiserver-killed",
  title: "the API server is killed on the VIP's holder",
  severs: "api",
  processes: apiServer,
  harm: "killed",
});

export const apiServerFrozen = processFault({
  name: "apiserver-frozen",
  title: "the API server is frozen on the VIP's holder",
  severs: "api",
  processes: apiServer,
  harm: "frozen",
});

/** With it goes the API server of its machine, which knows no other member. */
export const etcdLeaderKilled = processFault({
  name: "etcd-leader-killed",
  title: "etcd's leader is killed",
  severs: "api",
  processes: etcd,
  harm: "killed",
  aim: findEtcdLeader,
});
