import type { Fault } from "../faults/fault.ts";
import * as faults from "../faults/network/index.ts";
import { failoverBounds, slowHolderBounds } from "./bounds.ts";
import type { Scenario } from "./scenario.ts";

/** Several terms and elections long, in milliseconds: whoever was wrong about who is there has had time to act on it. */
const duringMs = (): number => 8000;

const scenario = (fault: Fault, title: string, more: Partial<Scenario> = {}): Scenario => ({
  ...{ name: fault.name, title, fault, duringMs, bounds: failoverBounds },
  ...more,
});

/** What concerns the network of the VIP's holder, and between the control planes. */
export const networkScenarios: readonly Scenario[] = [
  scenario(faults.holderDelayed, "What the VIP's holder sends arrives late.", { bounds: slowHolderBounds }),
  scenario(faults.holderLossy, "The VIP's holder loses a third of its packets."),
  scenario(faults.holderLossyAndDelayed, "The VIP's holder loses a third of its packets, and the rest is late."),
  scenario(faults.holderMute, "Nothing gets out of the VIP's holder, though it hears the others."),
  scenario(faults.holderDeaf, "Nothing gets in to the VIP's holder, though the others hear it."),
  scenario(faults.holderCutOff, "The VIP's holder is alone, the prober is with the others.", { core: true }),
  scenario(faults.holderAndWorkersApart, "The VIP's holder is cut off from the other control planes, with the prober."),
  scenario(faults.bridge, "The VIP's holder and one control plane don't see each other, the third sees both."),
];
