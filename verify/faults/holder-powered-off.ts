import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/** The machine that holds the VIP loses its power; it comes back with the heal. */
export const holderPoweredOff: Fault = {
  name: "holder-powered-off",
  title: "the VIP's holder is switched off",
  severs: "node",
  aim: findHolder,
  inject: (target, node) => target.power.off(node),
  heal: (target, node) => target.power.on(node),
};
