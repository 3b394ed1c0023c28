import type { Engine, Machine } from "@molly/site";

/** What runs on every machine of a cluster. */
const everywhere: readonly string[] = ["containerd", "kubelet"];

/** What each engine needs to run on a control plane. */
const ofEngine: Readonly<Record<Engine, readonly string[]>> = {
  "lease": ["heartbeat", "molly-vip"],
  "keepalived": ["keepalived"],
  "heartbeat-classic": ["heartbeat"],
};

/** Everything that may give a machine the VIP, or decides about it. */
export const engineServices: readonly string[] = [...new Set(Object.values(ofEngine).flat())];

/** The services that must run on a machine for it to be well. */
export const servicesOf = ({ role }: Machine, engine: Engine | undefined): readonly string[] =>
  role === "control-plane" ? [...everywhere, "haproxy", ...(engine === undefined ? [] : ofEngine[engine])] : everywhere;
