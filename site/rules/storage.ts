import { disksFor } from "../hypervisor.ts";
import { listed } from "../names.ts";
import type { Server, Site } from "../schema.ts";
import { virtualMachines } from "../select.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

const gibPerTib = 1024;

const osdTiB = (server: Server): number => disksFor(server, "ceph").reduce((total, { sizeTiB }) => total + sizeTiB, 0);

/**
 * TiB of data that fit when every object has `copies` copies on different servers. A server can hold one copy of each
 * object at most, so a large one is no use beyond what the others can match: for each k the data is at most what the
 * servers other than the k largest hold, shared among copies - k.
 */
export function usableTiB(capacities: readonly number[], copies: number): number {
  const sorted = [...capacities].sort((a, b) => b - a);
  const limits = Array.from(
    { length: copies },
    (_, k) => sorted.slice(k).reduce((sum, size) => sum + size, 0) / (copies - k),
  );
  return Math.min(...limits);
}

const zfsMirror = rule(["servers"], ({ servers }) =>
  servers.flatMap((server, index) => {
    const count = disksFor(server, "zfs").length;
    if (count === 2) return [];
    const value = server.disks.map(({ use }) => use);
    const rule = `has ${count} for zfs, and the system's mirror on ${server.name} takes two`;
    return [{ path: `servers[${index}].disks`, value, rule, remedy: 'Mark exactly two disks with use: "zfs".' }];
  }),
);

const enoughServers = rule(["servers", "ceph"], ({ servers, ceph: { size } }) => {
  const holders = servers.filter((server) => osdTiB(server) > 0).map(({ name }) => name);
  if (holders.length >= size) return [];
  const rule = `copies need as many servers with OSDs, and ${holders.length === 0 ? "none has one" : `only ${listed(holders)} ${holders.length === 1 ? "has" : "have"} one`}`;
  return [{ path: "ceph.size", value: size, rule, remedy: "Give more servers Ceph disks." }];
});

const copies = rule(["ceph"], ({ ceph: { size, minSize } }) => [
  ...(minSize < 2
    ? [
        {
          path: "ceph.minSize",
          value: minSize,
          rule: "lets a write be acknowledged with a single copy, which one failed disk can lose",
          remedy: "Set it to at least 2.",
        },
      ]
    : []),
  ...(minSize >= size
    ? [
        {
          path: "ceph.minSize",
          value: minSize,
          rule: `is not less than ceph.size (${size}): with one server lost every write would block`,
          remedy: size > 2 ? `Set it to ${size - 1}.` : "Set ceph.size to 3.",
        },
      ]
    : []),
]);

/** In calm, then with that server lost whose loss leaves least. Once it has healed, fewer servers hold as many copies. */
const space = rule(["servers", "machines", "gateway", "ceph"], (site) => {
  const { servers, ceph } = site;
  if (servers.filter((server) => osdTiB(server) > 0).length < ceph.size) return []; // told already
  const calm = tooFull(site, servers, "are usable");
  if (calm.length > 0) return calm;
  const losses = servers.map((lost) => ({ lost, left: servers.filter((server) => server !== lost) }));
  const worst = losses.toSorted((a, b) => usableOn(a.left, ceph.size) - usableOn(b.left, ceph.size))[0];
  return worst === undefined ? [] : tooFull(site, worst.left, `are usable without ${worst.lost.name}`);
});

function usableOn(servers: readonly Server[], size: number): number {
  const capacities = servers.map(osdTiB).filter((tib) => tib > 0);
  return usableTiB(capacities, Math.min(size, capacities.length));
}

function tooFull(
  { ceph, ...site }: Pick<Site, "machines" | "gateway" | "ceph">,
  servers: readonly Server[],
  when: string,
): Problem[] {
  const usable = usableOn(servers, ceph.size);
  const needed = virtualMachines(site).reduce((sum, { diskGiB }) => sum + diskGiB, 0) / gibPerTib;
  const allowed = usable * ceph.maxFill;
  if (needed <= allowed) return [];
  const [of, room, need] = [usable, allowed, needed].map((tib) => tib.toFixed(2));
  return [
    {
      path: "ceph.maxFill",
      value: ceph.maxFill,
      rule: `of the ${of} TiB that ${when} is ${room} TiB, and the machines' disks take ${need} TiB`,
      remedy: "Give the machines smaller disks, or the servers more OSDs.",
    },
  ];
}

/** Ceph allows more, but these need no quoting in any command, and Proxmox VE's storage takes the pool's name. */
const isPoolName = (text: string): boolean => /^[a-zA-Z][a-zA-Z0-9_-]*$/.test(text);

const poolNames = rule(["ceph"], ({ ceph: { vmPool, fileSystem } }) => [
  ...Object.entries({ vmPool, fileSystem })
    .filter(([, value]) => !isPoolName(value))
    .map(([key, value]) => ({
      path: `ceph.${key}`,
      value,
      rule: "is no name for a pool",
      remedy: "Use letters, digits, hyphens and underscores, beginning with a letter.",
    })),
  // `pveceph fs create` makes the pools <name>_data and <name>_metadata.
  ...([`${fileSystem}_data`, `${fileSystem}_metadata`].includes(vmPool)
    ? [
        {
          path: "ceph.vmPool",
          value: vmPool,
          rule: `is a pool of the file system ${fileSystem}`,
          remedy: "Choose another name.",
        },
      ]
    : []),
]);

export const storageRules = [zfsMirror, enoughServers, copies, space, poolNames];
