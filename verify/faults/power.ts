import { setTimeout as pause } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import { findHolder, findStandby } from "./holder.ts";

/** The machine that holds the VIP loses its power; it comes back with the heal. */
export const holderPoweredOff: Fault = {
  name: "holder-powered-off",
  title: "the VIP's holder is switched off",
  severs: "node",
  aim: findHolder,
  inject: (target, node) => target.power.off(node),
  heal: (target, node) => target.power.on(node),
};

/** The same for a machine that others don't need at the moment. What is of interest is its return. */
export const standbyPoweredOff: Fault = {
  ...holderPoweredOff,
  name: "standby-powered-off",
  title: "a control plane that does not hold the VIP is switched off",
  aim: findStandby,
};

/** Nothing of the machine runs any more, but its clocks do: afterwards it believes to be the holder still. */
export const holderFrozen: Fault = {
  name: "holder-frozen",
  title: "the VIP's holder is frozen as a whole",
  severs: "node",
  aim: findHolder,
  inject: (target, node) => target.power.freeze(node),
  heal: (target, node) => target.power.thaw(node),
};

/** How long a machine may take to shut down before its plug is pulled, in milliseconds. */
const patienceMs = 20_000;
const lookMs = 100;

/** Once systemd has made way for the program that ends a shutdown, no service runs any more; what is left is the power. */
const servicesRun = ["sh", "-c", 'read -r init < /proc/1/comm && [ "$init" = systemd ]'];

/** A certain machine shuts down in good order and starts again, as for a new kernel. */
export const restarted = (node: string): Fault => ({
  name: "machine-restarted",
  title: "a machine is restarted",
  severs: "node",
  aim: async () => node,
  inject: async ({ run, power }) => {
    const deadline = performance.now() + patienceMs;
    await run(node, ["systemctl", "poweroff"]);
    while (performance.now() < deadline && (await run(node, servicesRun)).exitCode === 0) await pause(lookMs);
    await power.off(node);
    await power.on(node);
  },
  heal: ({ power }) => power.on(node),
});
