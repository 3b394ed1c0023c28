import { handOverFrom, serviceOf, startService, startServiceLines } from "./engine.ts";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/** The operator moves the VIP away from its holder. The heal leaves it where it is: failing back would be a second outage. */
export const handOver: Fault = {
  name: "hand-over",
  title: "the VIP is handed over as planned",
  severs: "nothing",
  aim: findHolder,
  inject: handOverFrom,
  heal: (target, node) => startService(target, node, serviceOf(target)),
  selfHeal: (target) => startServiceLines(serviceOf(target)),
};
