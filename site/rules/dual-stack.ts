import { formatNetwork6, type Network6, overlap6, parseNetwork6 } from "../ipv6.ts";
import type { Site } from "../schema.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

interface Named {
  readonly path: string;
  readonly cidr: string;
}

type DualStack = NonNullable<Site["kubernetes"]["ipv6"]>;

const pods = ({ podNetwork }: DualStack): Named => ({ path: "kubernetes.ipv6.podNetwork", cidr: podNetwork });
const services = ({ serviceNetwork }: DualStack): Named => ({
  path: "kubernetes.ipv6.serviceNetwork",
  cidr: serviceNetwork,
});

/** What hosts and pods may have: unique local addresses, and those that are routed worldwide. */
const usableBlocks = ["fc00::/7", "2000::/3"];

function wellFormed({ path, cidr }: Named): Problem[] {
  const network = parseNetwork6(cidr);
  const problem = (rule: string, remedy: string): Problem[] => [{ path, value: cidr, rule, remedy }];
  if (network === undefined)
    return problem(
      "is no IPv6 network",
      "Write an address, a slash and the length of the prefix, as in fd00:10:244::/56.",
    );
  const canonical = formatNetwork6(network);
  if (canonical !== cidr) return problem("is not the network's own address as it is written", `Write ${canonical}.`);
  const within = usableBlocks.some((block) => inside(network, parseNetwork6(block)));
  return within
    ? []
    : problem("is set aside for special purposes", "Choose a network of fd00::/8, or one that is yours worldwide.");
}

const inside = (network: Network6, block: Network6 | undefined): boolean =>
  block !== undefined && block.base <= network.base && network.last <= block.last;

/** A prefix from `shortest` to `longest`, or what is wrong with it. */
function prefixes({ path, cidr }: Named, shortest: number, longest: number, why: string): Problem[] {
  const network = parseNetwork6(cidr);
  if (network === undefined || (network.prefix >= shortest && network.prefix <= longest)) return [];
  const remedy = `Choose a prefix from /${shortest} to /${longest}.`;
  return [{ path, value: cidr, rule: `has a prefix of ${network.prefix} bits, ${why}`, remedy }];
}

/** kube-controller-manager gives each node a /64, and a network may be 16 bits shorter at most. */
const podPrefixPerNode = 64;

const dualStack = rule(["kubernetes", "machines"], ({ kubernetes: { ipv6 }, machines }) => {
  if (ipv6 === undefined) return [];
  const [podNetwork, serviceNetwork] = [pods(ipv6), services(ipv6)];
  const longest = podPrefixPerNode - Math.ceil(Math.log2(Math.max(machines.length, 1)));
  const [one, other] = [parseNetwork6(ipv6.podNetwork), parseNetwork6(ipv6.serviceNetwork)];
  return [
    ...[podNetwork, serviceNetwork].flatMap(wellFormed),
    ...prefixes(podNetwork, podPrefixPerNode - 16, longest, "and each machine gets a /64 of it"),
    // As for IPv4: kubeadm refuses fewer than 10 addresses and more than 2^20.
    ...prefixes(serviceNetwork, 108, 124, "which kubeadm refuses"),
    ...(one !== undefined && other !== undefined && overlap6(one, other)
      ? [
          {
            path: serviceNetwork.path,
            value: serviceNetwork.cidr,
            rule: `overlaps the pod network, ${podNetwork.cidr}`,
            remedy: "Choose a network apart from it.",
          },
        ]
      : []),
  ];
});

/** Bytes that the pods' tunnel takes where it runs over IPv6, and the least that a link of IPv6's must carry (RFC 8200). */
const tunnel = 70;
const leastMtu = 1280;

const mtu = rule(["kubernetes", "canal"], ({ kubernetes: { ipv6 }, canal: { interfaceMtu } }) =>
  ipv6 === undefined || interfaceMtu - tunnel >= leastMtu
    ? []
    : [
        {
          path: "canal.interfaceMtu",
          value: interfaceMtu,
          rule: `leaves pods ${interfaceMtu - tunnel} bytes, and IPv6 needs ${leastMtu}`,
          remedy: `Set it to at least ${leastMtu + tunnel}, or go without kubernetes.ipv6.`,
        },
      ],
);

export const dualStackRules = [dualStack, mtu];
