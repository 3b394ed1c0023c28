import { Failure } from "@molly/site";
import { apiServerKilled } from "../faults/apiserver-killed.ts";
import { handOver } from "../faults/hand-over.ts";
import { haproxyKilled } from "../faults/haproxy-killed.ts";
import { holderPoweredOff } from "../faults/holder-powered-off.ts";
import { seedFiles } from "../faults/seed-files.ts";
import { calmBounds, failoverBounds, handOverBounds, restartBounds, seedBounds } from "./bounds.ts";
import type { Scenario } from "./scenario.ts";

/** What haresources mode does with three machines, as measured: both of the others take the VIP and keep it. */
const bothTakeOver =
  "Heartbeat's haresources mode is a two-machine design: every survivor of three takes the VIP. The issue 'Never two holders' cures it.";

const twoHolders: Pick<Scenario, "knownViolations" | "knownConsequences"> = {
  knownViolations: { "never-two-holders": bothTakeOver, "never-two-arp-owners": bothTakeOver },
  knownConsequences: {
    "all-as-before": `${bothTakeOver} With Molly's files they keep it; with the seed's, the returned machine may end it.`,
    "watch-survives": `${bothTakeOver} Whichever of them the client's neighbour table names at the moment gets its packets.`,
  },
};

/** Every scenario, in the order in which they run: what disturbs most comes last. */
export const scenarios: readonly Scenario[] = [
  { name: "calm", title: "Nothing is done.", duringMs: () => 5000, bounds: calmBounds },
  {
    name: "apiserver-killed",
    title: "The API server beside the VIP's holder is killed; its kubelet starts it anew.",
    fault: apiServerKilled,
    duringMs: () => 5000,
    bounds: restartBounds,
  },
  {
    name: "haproxy-killed",
    title: "HAProxy crashes on the VIP's holder; systemd may start it anew.",
    fault: haproxyKilled,
    duringMs: () => 5000,
    bounds: restartBounds,
  },
  {
    name: "hand-over",
    title: "An operator moves the VIP away from its holder.",
    fault: handOver,
    duringMs: () => 6000,
    bounds: handOverBounds,
    // Both others answered the call whenever it was tried, but nothing in Heartbeat makes that certain.
    knownConsequences: { ...twoHolders.knownViolations, ...twoHolders.knownConsequences },
  },
  {
    name: "holder-killed",
    title: "The VIP's holder loses its power, and comes back.",
    fault: holderPoweredOff,
    duringMs: ({ heartbeat: { deadMs } }) => deadMs + 8000,
    bounds: failoverBounds,
    ...twoHolders,
  },
  {
    name: "seed-files-holder-killed",
    title: "With the seed's Heartbeat files, the VIP's holder loses its power, and comes back.",
    circumstances: seedFiles,
    fault: holderPoweredOff,
    duringMs: () => 20_000,
    bounds: seedBounds,
    ...twoHolders,
  },
];

/** The scenarios by these names, in the order in which they run. @throws Failure when a name is unknown. */
export function findScenarios(names: readonly string[]): Scenario[] {
  const known = scenarios.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Failure({
      what: `There is no scenario '${unknown.join("', '")}'.`,
      remedy: `Choose among: ${known.join(", ")}.`,
    });
  return scenarios.filter(({ name }) => names.includes(name));
}

export type { GapBounds, Scenario } from "./scenario.ts";
