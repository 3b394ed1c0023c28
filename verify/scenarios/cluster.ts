import { controlPlanes, type Site } from "@molly/site";
import { clocksApart } from "../faults/clocks-apart.ts";
import { diskFull } from "../faults/disk-full.ts";
import type { Fault } from "../faults/fault.ts";
import { holderFrozen, holderPoweredOff, restarted, standbyPoweredOff } from "../faults/power.ts";
import { engineKilled, haproxyKilled } from "../faults/processes.ts";
import { failoverBounds, twoFailoversBounds } from "./bounds.ts";
import type { Act, Scenario } from "./scenario.ts";

/** The new holder is struck as soon as there is one, while the old one is still away. */
const heldThen = (second: Fault) => (): Act[] => [
  { act: "inject", fault: holderPoweredOff },
  { act: "await", until: "holder" },
  { act: "inject", fault: second },
  { act: "watch", ms: 6000 },
];

const oneAfterAnother = (site: Site): Act[] =>
  controlPlanes(site).flatMap(({ name }): Act[] => {
    const fault = restarted(name);
    return [
      { act: "inject", fault },
      { act: "heal", fault },
      { act: "await", until: "quorum" },
    ];
  });

/** What concerns whole machines. */
export const clusterScenarios: readonly Scenario[] = [
  {
    name: "disk-full",
    title: "The VIP's holder has no space left to write to, then it has.",
    fault: diskFull,
    duringMs: () => 6000,
    bounds: failoverBounds,
  },
  {
    name: "rejoin",
    title: "A control plane that does not hold the VIP is away, and returns.",
    fault: standbyPoweredOff,
    duringMs: () => 15_000,
    bounds: failoverBounds,
  },
  {
    name: "holder-frozen",
    title: "The VIP's holder stands still as a whole, and goes on after the take-over.",
    fault: holderFrozen,
    duringMs: () => 8000,
    bounds: failoverBounds,
  },
  {
    name: "clocks-apart",
    title: "The VIP's holder loses its power while each control plane has another hour; one clock can't be set here.",
    circumstances: clocksApart,
    fault: holderPoweredOff,
    duringMs: () => 6000,
    bounds: failoverBounds,
  },
  {
    name: "holder-killed",
    title: "The VIP's holder loses its power, and comes back.",
    core: true,
    fault: holderPoweredOff,
    duringMs: (site) => failoverBounds(site).vip,
    bounds: failoverBounds,
  },
  {
    name: "holder-then-haproxy-killed",
    title: "The VIP's holder loses its power; HAProxy crashes on the next one at once.",
    course: heldThen(haproxyKilled),
    bounds: twoFailoversBounds,
  },
  {
    name: "holder-then-engine-killed",
    title: "The VIP's holder loses its power; the engine crashes on the next one at once.",
    course: heldThen(engineKilled),
    bounds: twoFailoversBounds,
  },
  {
    name: "rolling-restart",
    title: "Each control plane is restarted, when the one before it is back.",
    course: oneAfterAnother,
    bounds: failoverBounds,
  },
];
