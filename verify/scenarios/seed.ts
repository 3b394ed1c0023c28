import { holderPoweredOff } from "../faults/power.ts";
import { seedFiles } from "../faults/seed-files.ts";
import { seedBounds } from "./bounds.ts";
import type { Scenario } from "./scenario.ts";

const bothTakeOver =
  "Heartbeat's haresources mode is a two-machine design: every survivor of three takes the VIP. Molly's engine does not.";

/** What haresources mode does with three machines, as measured: proof that the checks see two holders. */
export const seedScenario: Scenario = {
  name: "seed-files-holder-killed",
  title: "With the seed's Heartbeat files, the VIP's holder loses its power, and comes back.",
  core: true,
  circumstances: seedFiles,
  fault: holderPoweredOff,
  duringMs: () => 20_000,
  bounds: seedBounds,
  knownViolations: { "never-two-holders": bothTakeOver, "never-two-arp-owners": bothTakeOver },
  knownConsequences: {
    "all-as-before": `${bothTakeOver} They keep it, or the returned machine ends it.`,
    "stays-after-heal": `${bothTakeOver} Which of them keeps it is chance.`,
    "neighbours-know-holder": `${bothTakeOver} Each of them announces it.`,
    "watch-survives": `${bothTakeOver} Whichever of them the client's neighbour table names at the moment gets its packets.`,
  },
};
