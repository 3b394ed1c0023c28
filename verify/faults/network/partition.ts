import { controlPlanes, type Site, workers } from "@molly/site";
import type { Fault } from "../fault.ts";
import { findHolder } from "../holder.ts";
import { dropFrom, frameHarm, macsOf } from "./frames.ts";
import { harmNetwork, healNetwork } from "./node-unit.ts";

/** Two groups of machines that can't reach each other. */
export type Rift = readonly [readonly string[], readonly string[]];

interface PartitionProps extends Pick<Fault, "name" | "title" | "severs"> {
  readonly rift: (site: Site, holder: string) => Rift;
}

/**
 * Whose frames each machine must not see. Each machine drops what comes from the other side: the sender can't, since its
 * broadcasts must reach its own side.
 */
export const deafTo = ([left, right]: Rift): ReadonlyMap<string, readonly string[]> =>
  new Map([...left.map((node) => [node, right] as const), ...right.map((node) => [node, left] as const)]);

const partition = ({ rift, ...fault }: PartitionProps): Fault => ({
  ...fault,
  aim: findHolder,
  inject: async (target, holder) => {
    const deaf = [...deafTo(rift(target.site, holder))];
    const macs = await macsOf(
      target,
      deaf.map(([node]) => node),
    );
    await Promise.all(
      deaf.map(([node, others]) => {
        const rule = dropFrom(others.map((other) => macs.get(other) ?? ""));
        return harmNetwork(target, node, frameHarm(target.site.network.interface, { in: rule }));
      }),
    );
  },
  heal: async (target) => void (await Promise.all(target.site.machines.map(({ name }) => healNetwork(target, name)))),
});

const namesOf = (machines: readonly { readonly name: string }[]): string[] => machines.map(({ name }) => name);
const othersOf = (site: Site, holder: string): string[] =>
  namesOf(controlPlanes(site)).filter((name) => name !== holder);

/** Clients lose the VIP with the majority. What is of interest is that the minority's machine does not keep it for them. */
export const holderAndWorkersApart = partition({
  name: "holder-and-workers-apart",
  title: "the VIP's holder and all workers are cut off from the other control planes",
  severs: "everything",
  rift: (site, holder) => [[holder, ...namesOf(workers(site))], othersOf(site, holder)],
});

/** Everybody is in some majority, and they don't agree which. A member that can't reach etcd's leader serves nothing. */
export const bridge = partition({
  name: "bridge-partition",
  title: "the VIP's holder and one control plane don't see each other, a third sees both",
  severs: "apis",
  rift: (site, holder) => [[holder], othersOf(site, holder).slice(-1)],
});
