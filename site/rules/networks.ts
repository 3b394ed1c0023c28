import { formatNetwork, type Network, overlap, parseAddress, parseNetwork, contains } from "../ipv4.ts";
import type { Site } from "../schema.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

interface NamedNetwork {
  readonly path: string;
  readonly what: string;
  readonly cidr: string;
}

const networksOf = ({ network, kubernetes }: Pick<Site, "network" | "kubernetes">): NamedNetwork[] => [
  { path: "network.cidr", what: "the network of the machines", cidr: network.cidr },
  { path: "kubernetes.podNetwork", what: "the pod network", cidr: kubernetes.podNetwork },
  { path: "kubernetes.serviceNetwork", what: "the service network", cidr: kubernetes.serviceNetwork },
];

const wellFormed = ({ path, cidr }: NamedNetwork): Problem[] => {
  const network = parseNetwork(cidr);
  if (network === undefined) {
    const remedy = "Write an address, a slash and the length of the prefix, as in 10.0.1.0/24.";
    return [{ path, value: cidr, rule: "is no IPv4 network", remedy }];
  }
  const canonical = formatNetwork(network);
  return canonical === cidr
    ? []
    : [{ path, value: cidr, rule: "is not the network's own address", remedy: `Write ${canonical}.` }];
};

/** Blocks that no host or pod can be reached in (IANA's special-purpose address registry). */
const unusable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

const usable = ({ path, cidr }: NamedNetwork): Problem[] => {
  const network = parseNetwork(cidr);
  const block = network && unusable.find((special) => overlaps(network, special));
  if (block === undefined) return [];
  const remedy = "Choose a network of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.";
  return [{ path, value: cidr, rule: `overlaps ${block}, which is set aside for special purposes`, remedy }];
};

const overlaps = (network: Network, cidr: string): boolean => {
  const other = parseNetwork(cidr);
  return other !== undefined && overlap(network, other);
};

const eachNetwork = rule(["network", "kubernetes"], (site) =>
  networksOf(site).flatMap((network) => [...wellFormed(network), ...usable(network)]),
);

const apart = rule(["network", "kubernetes"], (site) =>
  networksOf(site).flatMap((later, index, all) => {
    const network = parseNetwork(later.cidr);
    const crossed = all.slice(0, index).filter(({ cidr }) => network !== undefined && overlaps(network, cidr));
    return crossed.map(({ what, cidr }) => ({
      path: later.path,
      value: later.cidr,
      rule: `overlaps ${what}, ${cidr}`,
      remedy: "Choose a network apart from it.",
    }));
  }),
);

/** The gateway, the VIP and each machine need an address beside the network's own and the broadcast address. */
const roomForHosts = rule(["network", "machines"], ({ network: { cidr }, machines }) => {
  const network = parseNetwork(cidr);
  const needed = machines.length + 2;
  if (network === undefined || network.broadcast - network.base - 1 >= needed) return [];
  const rule = `has no room for the ${needed} addresses of the machines, the gateway and the VIP`;
  const remedy = `Choose a prefix of at most /${32 - Math.ceil(Math.log2(needed + 2))}.`;
  return [{ path: "network.cidr", value: cidr, rule, remedy }];
});

/** kube-controller-manager's default `--node-cidr-mask-size-ipv4`: each node gets a block of 256 addresses. */
const podPrefixPerNode = 24;

const roomForPods = rule(["kubernetes", "machines"], ({ kubernetes: { podNetwork }, machines }) => {
  const network = parseNetwork(podNetwork);
  if (network === undefined) return [];
  const blocks = Math.floor(2 ** (podPrefixPerNode - network.prefix));
  if (blocks >= machines.length) return [];
  const prefix = podPrefixPerNode - Math.ceil(Math.log2(machines.length));
  return [
    {
      path: "kubernetes.podNetwork",
      value: podNetwork,
      rule: `has room for ${blocks} of the ${machines.length} machines, each of which gets a /${podPrefixPerNode}`,
      remedy: `Choose a prefix of at most /${prefix}.`,
    },
  ];
});

/** kubeadm refuses fewer than 10 service addresses (CoreDNS gets the tenth) and more than 2^20. */
const servicePrefix = { shortest: 12, longest: 28 };

const roomForServices = rule(["kubernetes"], ({ kubernetes: { serviceNetwork } }) => {
  const network = parseNetwork(serviceNetwork);
  if (network === undefined) return [];
  const { shortest, longest } = servicePrefix;
  if (network.prefix >= shortest && network.prefix <= longest) return [];
  const rule = `has a prefix of ${network.prefix} bits, which kubeadm refuses`;
  return [
    {
      path: "kubernetes.serviceNetwork",
      value: serviceNetwork,
      rule,
      remedy: `Choose one from /${shortest} to /${longest}.`,
    },
  ];
});

const nameServersReachable = rule(["network", "kubernetes"], ({ network, kubernetes }) =>
  network.nameServers.flatMap((value, index) =>
    (["podNetwork", "serviceNetwork"] as const).flatMap((key) => {
      const address = parseAddress(value);
      const block = parseNetwork(kubernetes[key]);
      if (address === undefined || block === undefined || !contains(block, address)) return [];
      const rule = `lies in kubernetes.${key}, ${kubernetes[key]}, and the machines need it before that exists`;
      const remedy = "Name a server outside the cluster.";
      return [{ path: `network.nameServers[${index}]`, value, rule, remedy }];
    }),
  ),
);

export const networkRules = [eachNetwork, apart, roomForHosts, roomForPods, roomForServices, nameServersReachable];
