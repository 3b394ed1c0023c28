import { didYouMean } from "../did-you-mean.ts";
import { isHostAddress, parseAddress, parseNetwork } from "../ipv4.ts";
import { isDnsLabel, listed } from "../names.ts";
import type { Problem } from "../problem.ts";
import type { Site } from "../schema.ts";
import { repetitions, type Rule, rule } from "./rule.ts";

/** Nothing is asked of a section that is switched off. */
const whenEnabled = <Section extends keyof Site>(
  reads: readonly Section[],
  check: (site: Pick<Site, Section | "gateway">) => Problem[],
): Rule => rule(["gateway", ...reads], (site) => (site.gateway.enabled ? check(site) : []));

const two = whenEnabled([], ({ gateway: { machines } }) =>
  machines.length === 2
    ? []
    : [
        {
          path: "gateway.machines",
          value: undefined,
          rule: `has ${machines.length} machines, and a gateway is two that stand in for each other`,
          remedy: "Name two, or set gateway.enabled to false.",
        },
      ],
);

const outsideIsThere = whenEnabled([], ({ gateway: { outside } }) => {
  if (outside === undefined)
    return [
      {
        path: "gateway.outside",
        value: undefined,
        rule: "is missing",
        remedy: "Add the network through which the Internet is reached: its cidr and its gateway.",
      },
    ];
  const network = parseNetwork(outside.cidr);
  if (network === undefined)
    return [
      {
        path: "gateway.outside.cidr",
        value: outside.cidr,
        rule: "is no IPv4 network",
        remedy: "Write its first address and the length of its prefix, as in 192.0.2.0/24.",
      },
    ];
  return inNetwork("gateway.outside.gateway", outside.gateway, outside.cidr);
});

/** The lease's etcd decides for the gateway too. */
const engine = whenEnabled(["vip"], ({ vip }) =>
  vip.engine === "lease"
    ? []
    : [
        {
          path: "gateway.enabled",
          value: true,
          rule: `wants the engine 'lease', and vip.engine is '${vip.engine}'`,
          remedy: "Set vip.engine to 'lease', or gateway.enabled to false.",
        },
      ],
);

const placed = whenEnabled(["servers"], ({ gateway: { machines }, servers }) => {
  const names = servers.map(({ name }) => name);
  const unknown = machines.flatMap(({ server: value }, index) =>
    names.includes(value)
      ? []
      : [
          {
            path: `gateway.machines[${index}].server`,
            value,
            rule: "is no server of this site",
            remedy: didYouMean(value, names, `Choose ${listed(names, "or")}.`),
          },
        ],
  );
  return [
    ...unknown,
    ...twice(machines, "server", "runs both gateways, which would fail together", "Place one elsewhere."),
  ];
});

const named = whenEnabled(["machines", "servers"], ({ gateway, machines, servers }) => {
  const others = [...machines, ...servers].map(({ name }) => name);
  return [
    ...gateway.machines.flatMap(({ name }, index) =>
      isDnsLabel(name)
        ? []
        : [
            {
              path: `gateway.machines[${index}].name`,
              value: name,
              rule: "is no host name (RFC 1123 label)",
              remedy:
                "Use at most 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.",
            },
          ],
    ),
    ...taken(gateway.machines, "name", others, "is also the name of another machine or server", "Rename it."),
  ];
});

const numbered = whenEnabled(["machines"], ({ gateway, machines }) =>
  taken(
    gateway.machines,
    "vmId",
    machines.map(({ vmId }) => vmId),
    "is also the vmId of another machine",
    "Give it a number of its own.",
  ),
);

const insideAddresses = whenEnabled(
  ["network", "machines", "servers", "api"],
  ({ gateway, network, machines, servers, api }) => {
    const own = [...machines, ...servers].map(({ address }) => address);
    const others = [api.vip, network.gateway, ...network.reserved, ...own];
    return [
      ...gateway.machines.flatMap(({ address }, index) =>
        inNetwork(`gateway.machines[${index}].address`, address, network.cidr),
      ),
      ...taken(gateway.machines, "address", others, "belongs to another", "Give it a free one."),
    ];
  },
);

const outsideAddresses = whenEnabled([], ({ gateway: { outside, machines } }) => {
  if (outside === undefined || parseNetwork(outside.cidr) === undefined) return []; // told already
  return [
    ...machines.flatMap(({ outsideAddress }, index) =>
      inNetwork(`gateway.machines[${index}].outsideAddress`, outsideAddress, outside.cidr),
    ),
    ...taken(machines, "outsideAddress", [outside.gateway], "belongs to another", "Give it a free one."),
  ];
});

/** A gateway that asks itself would never get an answer. */
const forwarders = whenEnabled(["network"], ({ gateway, network }) => {
  if (gateway.forwarders.length === 0)
    return [
      {
        path: "gateway.forwarders",
        value: undefined,
        rule: "is empty: the gateways answer DNS questions by asking somebody else",
        remedy: "Name at least one name server outside.",
      },
    ];
  const own = [network.gateway, ...gateway.machines.map(({ address }) => address)];
  return gateway.forwarders.flatMap((value, index) => {
    const path = `gateway.forwarders[${index}]`;
    if (parseAddress(value) === undefined)
      return [{ path, value, rule: "is no IPv4 address", remedy: "Write four numbers with dots between them." }];
    if (!own.includes(value)) return [];
    return [{ path, value, rule: "is a gateway itself, which would ask itself", remedy: "Name one outside." }];
  });
});

function inNetwork(path: string, value: string, cidr: string): Problem[] {
  const [network, address] = [parseNetwork(cidr), parseAddress(value)];
  if (network === undefined) return []; // told elsewhere
  if (address !== undefined && isHostAddress(network, address)) return [];
  const rule = address === undefined ? "is no IPv4 address" : `is no host's address in ${cidr}`;
  return [{ path, value, rule, remedy: `Write an address of a host in ${cidr}.` }];
}

type Machines = Site["gateway"]["machines"];
type Key = "name" | "address" | "outsideAddress" | "vmId" | "server";

const twice = (machines: Machines, key: Key, rule: string, remedy: string): Problem[] =>
  repetitions(
    machines.map((machine, index) => ({ machine, index })),
    ({ machine }) => machine[key],
  ).map(({ item }) => ({ path: `gateway.machines[${item.index}].${key}`, value: item.machine[key], rule, remedy }));

/** What another has already, or the other gateway. */
const taken = (
  machines: Machines,
  key: Key,
  others: readonly (string | number)[],
  rule: string,
  remedy: string,
): Problem[] => [
  ...machines.flatMap((machine, index) =>
    others.includes(machine[key])
      ? [{ path: `gateway.machines[${index}].${key}`, value: machine[key], rule, remedy }]
      : [],
  ),
  ...twice(machines, key, "is what the other gateway has", remedy),
];

export const gatewayRules = [
  engine,
  two,
  outsideIsThere,
  named,
  numbered,
  placed,
  insideAddresses,
  outsideAddresses,
  forwarders,
];
