import { type Address, formatAddress, isHostAddress, type Network, parseAddress, parseNetwork } from "../ipv4.ts";
import type { Site } from "../schema.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

/** An address of the site, with who has it and where that is written. */
interface Owned {
  readonly path: string;
  readonly owner: string;
  readonly address: string;
}

const machineAddresses = ({ machines }: Pick<Site, "machines">): Owned[] =>
  machines.map(({ name, address }, index) => ({ path: `machines[${index}].address`, owner: name, address }));

const serverAddresses = ({ servers }: Pick<Site, "servers">): Owned[] =>
  servers.map(({ name, address }, index) => ({ path: `servers[${index}].address`, owner: name, address }));

const gatewayOf = ({ network }: Pick<Site, "network">): Owned => ({
  path: "network.gateway",
  owner: "the gateway",
  address: network.gateway,
});

const vipOf = ({ api }: Pick<Site, "api">): Owned => ({ path: "api.vip", owner: "the VIP", address: api.vip });

const reservedOf = ({ network }: Pick<Site, "network">): Owned[] =>
  network.reserved.map((address, index) => {
    const path = `network.reserved[${index}]`;
    return { path, owner: "the reserved device", address };
  });

const nameServersOf = ({ network }: Pick<Site, "network">): Owned[] =>
  network.nameServers.map((address, index) => {
    const path = `network.nameServers[${index}]`;
    return { path, owner: "the name server", address };
  });

const wellFormed = ({ path, address }: Owned): Problem[] =>
  parseAddress(address) === undefined
    ? [
        {
          path,
          value: address,
          rule: "is no IPv4 address",
          remedy: "Write four numbers from 0 to 255 with dots between them and no leading zeros.",
        },
      ]
    : [];

const inside = ({ path, owner, address }: Owned, site: Pick<Site, "network">): Problem[] => {
  const [network, host] = [parseNetwork(site.network.cidr), parseAddress(address)];
  if (network === undefined || host === undefined || isHostAddress(network, host)) return [];
  const { base, broadcast } = network;
  if (broadcast - base < 2) return []; // a network without hosts: told once, for the network
  const rule =
    host === base || host === broadcast
      ? `is the ${host === base ? "network" : "broadcast"} address of ${site.network.cidr}`
      : `is outside the network ${site.network.cidr}`;
  const remedy = `Give ${owner} an address between ${formatAddress(base + 1)} and ${formatAddress(broadcast - 1)}.`;
  return [{ path, value: address, rule, remedy }];
};

const networkAddresses = rule(["network"], (site) => [
  ...[gatewayOf(site), ...reservedOf(site)].flatMap((owned) => [...wellFormed(owned), ...inside(owned, site)]),
  ...nameServersOf(site).flatMap(wellFormed), // a name server may be anywhere
]);

const vipWellFormed = rule(["api"], (site) => wellFormed(vipOf(site)));
const machinesWellFormed = rule(["machines"], (site) => machineAddresses(site).flatMap(wellFormed));
const serversWellFormed = rule(["servers"], (site) => serverAddresses(site).flatMap(wellFormed));
const vipInside = rule(["network", "api"], (site) => inside(vipOf(site), site));
const machinesInside = rule(["network", "machines"], (site) =>
  machineAddresses(site).flatMap((owned) => inside(owned, site)),
);

const serversInside = rule(["network", "servers"], (site) =>
  serverAddresses(site).flatMap((owned) => inside(owned, site)),
);

/**
 * The VIP and the machines' addresses belong to nobody else. The gateway, the name servers and reserved devices may
 * coincide with each other: a name server often runs on the gateway. A well-formed address has one spelling only.
 */
const oneOwner = rule(["network", "api", "machines"], (site) => {
  const exclusive = [vipOf(site), ...machineAddresses(site)];
  const claims = [gatewayOf(site), ...reservedOf(site), ...nameServersOf(site), ...exclusive];
  return exclusive.flatMap((owned) => {
    const first = claims.find(({ address }) => address === owned.address);
    return first === undefined || first === owned ? [] : [taken(owned, first, claims, site)];
  });
});

/** A rule of its own: with a broken server the machines' addresses are judged all the same. */
const serversOwn = rule(["network", "api", "machines", "servers"], (site) => {
  const servers = serverAddresses(site);
  const claims = [
    ...[gatewayOf(site), ...reservedOf(site), ...nameServersOf(site), vipOf(site)],
    ...[...machineAddresses(site), ...servers],
  ];
  return servers.flatMap((owned) => {
    const first = claims.find(({ address }) => address === owned.address);
    return first === undefined || first === owned ? [] : [taken(owned, first, claims, site)];
  });
});

function taken(
  { path, owner, address }: Owned,
  first: Owned,
  claims: readonly Owned[],
  site: Pick<Site, "network">,
): Problem {
  const free = freeAddress(address, claims, site);
  const remedy =
    free === undefined
      ? "The network is full: give network.cidr a shorter prefix."
      : `Give ${owner} a free one, for example ${free}.`;
  return { path, value: address, rule: `is also the address of ${first.owner} (${first.path})`, remedy };
}

/** The next free address of the network above the given one, beginning anew at the network's end. */
function freeAddress(above: string, claims: readonly Owned[], site: Pick<Site, "network">): string | undefined {
  const [network, start] = [parseNetwork(site.network.cidr), parseAddress(above)];
  if (network === undefined || start === undefined) return undefined;
  const used = new Set(claims.map(({ address }) => parseAddress(address)));
  const isFree = (address: Address): boolean => isHostAddress(network, address) && !used.has(address);
  const found = firstFrom(start + 1, network, isFree) ?? firstFrom(network.base + 1, network, isFree);
  return found === undefined ? undefined : formatAddress(found);
}

function firstFrom(start: Address, { broadcast }: Network, isFree: (address: Address) => boolean): Address | undefined {
  for (let address = start; address < broadcast; address++) if (isFree(address)) return address;
  return undefined;
}

export const addressRules = [
  ...[networkAddresses, vipWellFormed, machinesWellFormed, serversWellFormed],
  ...[vipInside, machinesInside, serversInside, oneOwner, serversOwn],
];
