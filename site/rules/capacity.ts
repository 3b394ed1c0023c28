import { disksFor, reservedMemoryGiB } from "../hypervisor.ts";
import { listed } from "../names.ts";
import type { Server, Site } from "../schema.ts";
import { controlPlanes, virtualMachines } from "../select.ts";
import type { Problem } from "../problem.ts";
import { canPack } from "./packing.ts";
import { rule } from "./rule.ts";

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const rounded = (number: number): number => Math.round(number * 10) / 10;
const namesOf = (machines: readonly Pick<Load, "name">[]): string => listed(machines.map(({ name }) => name));

type Load = ReturnType<typeof virtualMachines>[number];

/** A server with what runs on it, and what that leaves free: negative where it needs more than there is. */
interface Filled {
  readonly server: Server;
  readonly machines: Load[];
  readonly free: { readonly cores: number; readonly memoryGiB: number };
}

/** In the site's order. In one pass: a site may have a hundred servers and a thousand machines. */
function filledServers(site: Pick<Site, "servers" | "machines" | "gateway">): Filled[] {
  const placed = Map.groupBy(virtualMachines(site), ({ server }) => server);
  return site.servers.map((server) => {
    const machines = placed.get(server.name) ?? [];
    const free = {
      cores: server.cores - sum(machines.map(({ cores }) => cores)),
      memoryGiB: server.memoryGiB - reservedMemoryGiB(server) - sum(machines.map(({ memoryGiB }) => memoryGiB)),
    };
    return { server, machines, free };
  });
}

/**
 * Neither memory nor cores are overcommitted. Memory because a server that swaps fails all of its machines; cores
 * because etcd's heartbeats (100 ms) and the VIP's are late on a machine that waits for one.
 */
const fitsServer = rule(["servers", "machines", "gateway"], (site) =>
  filledServers(site).flatMap(({ server, machines, free }, index) => {
    const need = (key: "cores" | "memoryGiB") => sum(machines.map((machine) => machine[key]));
    return [
      ...(free.cores < 0 ? [tooFewCores(server, index, machines, need("cores"))] : []),
      ...(free.memoryGiB < 0 ? [tooLittleMemory(server, index, machines, need("memoryGiB"))] : []),
    ];
  }),
);

const tooFewCores = ({ name, cores }: Server, index: number, machines: Load[], needed: number): Problem => ({
  path: `servers[${index}].cores`,
  value: cores,
  rule: `is less than the ${needed} cores of ${namesOf(machines)} on ${name}`,
  remedy: "Move a machine to another server, or give it fewer cores.",
});

function tooLittleMemory(server: Server, index: number, machines: Load[], needed: number): Problem {
  const reserved = reservedMemoryGiB(server);
  return {
    path: `servers[${index}].memoryGiB`,
    value: server.memoryGiB,
    rule:
      `leaves ${rounded(server.memoryGiB - reserved)} GiB beside the ${rounded(reserved)} GiB for Proxmox VE, ZFS and ` +
      `${disksFor(server, "ceph").length} OSDs, and ${namesOf(machines)} on ${server.name} need ${needed} GiB`,
    remedy: "Move a machine to another server, or give it less memory.",
  };
}

/**
 * The machines of any one server must fit onto the others as these are filled today, without moving anything else. The
 * control planes must still be apart then wherever the servers left are enough for that.
 */
const survivesLoss = rule(["servers", "machines", "gateway"], (site) => {
  const filled = filledServers(site);
  const full = filled.some(({ free }) => Object.values(free).some((amount) => amount < 0));
  if (full) return []; // told already, and true with a server less as well
  const apart = site.servers.length - 1 >= controlPlanes(site).length;
  return filled.flatMap((lost, index) => {
    const { machines } = lost;
    const isExclusive = ({ role }: Load): boolean => apart && role === "control-plane";
    const loads = machines.map((machine) => ({ ...machine, exclusive: isExclusive(machine) }));
    const left = filled.filter((other) => other !== lost);
    const bins = left.map((other) => ({ ...other.free, taken: other.machines.some(isExclusive) }));
    return canPack(loads, bins) ? [] : [notReplaceable(lost.server, index, machines, apart)];
  });
});

const notReplaceable = ({ name }: Server, index: number, machines: Load[], apart: boolean): Problem => ({
  path: `servers[${index}]`,
  value: name,
  rule: `can't be lost: the other servers have no room for ${namesOf(machines)}${
    apart && machines.some(({ role }) => role === "control-plane") ? " with the control planes apart" : ""
  }`,
  remedy: "Add a server or give the machines fewer cores and less memory.",
});

export const capacityRules = [fitsServer, survivesLoss];
