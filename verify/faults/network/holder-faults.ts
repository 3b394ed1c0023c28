import type { Target } from "../../target.ts";
import type { Fault } from "../fault.ts";
import { findHolder } from "../holder.ts";
import { delayHarm, together } from "./delay.ts";
import { dropAll, dropShare, frameHarm, type FrameRules } from "./frames.ts";
import { harmNetwork, healNetwork, healNetworkLines, type NetworkHarm } from "./node-unit.ts";

interface HolderFaultProps extends Pick<Fault, "name" | "title"> {
  readonly severs?: Fault["severs"];
  readonly harm: (target: Target) => NetworkHarm;
}

/** Something is wrong with the network of the machine that holds the VIP. */
const holderFault = ({ harm, severs = "node", ...fault }: HolderFaultProps): Fault => ({
  ...fault,
  severs,
  aim: findHolder,
  inject: (target, node) => harmNetwork(target, node, harm(target)),
  heal: healNetwork,
  selfHeal: () => healNetworkLines,
});

const frames =
  (rules: FrameRules) =>
  ({ site }: Target): NetworkHarm =>
    frameHarm(site.network.interface, rules);

/** A partition into one and the rest, the prober among the rest. */
export const holderCutOff = holderFault({
  name: "holder-cut-off",
  title: "the VIP's holder is cut off",
  harm: frames({ in: dropAll, out: dropAll }),
});

/** It hears all the others, so it has no reason to think that anything is wrong. */
export const holderMute = holderFault({
  name: "holder-cut-off-out",
  title: "nothing gets out of the VIP's holder",
  harm: frames({ out: dropAll }),
});

/** Whatever it sends arrives: renewals, announcements of the VIP. */
export const holderDeaf = holderFault({
  name: "holder-cut-off-in",
  title: "nothing gets in to the VIP's holder",
  harm: frames({ in: dropAll }),
});

const lossPercent = 30;
const delayMs = 200;

const loss = frames({ in: dropShare(lossPercent), out: dropShare(lossPercent) });
const delay = ({ site }: Target): NetworkHarm =>
  delayHarm({ chain: "POSTROUTING", match: `-o ${site.network.interface}` }, delayMs);

export const holderLossy = holderFault({
  name: "holder-loses-packets",
  title: `the VIP's holder loses ${lossPercent} % of its packets each way`,
  harm: loss,
});

export const holderDelayed = holderFault({
  name: "holder-delayed",
  title: `what the VIP's holder sends is ${delayMs} ms late`,
  harm: delay,
});

export const holderLossyAndDelayed = holderFault({
  name: "holder-loses-and-delayed",
  title: `the VIP's holder loses ${lossPercent} % of its packets each way, and what it sends is ${delayMs} ms late`,
  harm: (target) => together(loss(target), delay(target)),
});

/**
 * Slow, but not sick: a new connection with TLS takes three of its answers, so it gets one in 0.6 s, well within the time
 * that HAProxy's check and the prober allow.
 */
export const apiServerSlow = holderFault({
  name: "apiserver-slow",
  title: `the API server on the VIP's holder answers ${delayMs} ms late`,
  severs: "api",
  harm: ({ site }) => delayHarm({ chain: "OUTPUT", match: `-p tcp --sport ${site.api.backendPort}` }, delayMs),
});
