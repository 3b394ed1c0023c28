import type { Danger } from "./danger.ts";
import type { Finding, HostsChange, ResourceChange, StackChange } from "./model.ts";
import type { SiteView } from "./site-view.ts";

interface Subject {
  readonly before: SiteView | undefined;
  readonly after: SiteView | undefined;
  readonly hosts: HostsChange;
  readonly stacks: readonly StackChange[];
}

/** Ways to the API that a change moves, ends or interrupts. */
export function apiRisks({ before, after, hosts, stacks }: Subject): Finding[] {
  if (after === undefined) return [];
  const site = before ?? after;
  return [...movedEndpoint(before, after), ...interrupted(site, hosts), ...lostMachines(site, stacks)];
}

const risk = (rule: string, danger: Danger, path: string, what: string): Finding => ({
  rule,
  topic: "api",
  danger,
  what,
  where: [path],
});

const through = ({ api: { vip, port } }: SiteView): string => `the VIP ${vip}:${port}`;

function movedEndpoint(before: SiteView | undefined, after: SiteView): Finding[] {
  if (before === undefined) return [];
  const addresses = before.machines.flatMap(({ name, address }) => {
    const now = after.machines.find((machine) => machine.name === name);
    return now === undefined || now.address === address ? [] : [`${name}: ${address} to ${now.address}`];
  });
  return [
    ...(through(before) === through(after)
      ? []
      : [
          risk(
            "endpoint-moved",
            "critical",
            through(before),
            `The API moves to ${through(after)}: every kubelet and kubeconfig asks at the old place, and its certificate may not name the new one`,
          ),
        ]),
    ...(before.api.backendPort === after.api.backendPort
      ? []
      : [
          risk(
            "backend-port",
            "critical",
            through(before),
            `HAProxy asks the API servers at port ${after.api.backendPort}; they listen at ${before.api.backendPort} until kubeadm is run`,
          ),
        ]),
    ...(before.api.externalAddress === after.api.externalAddress
      ? []
      : [
          risk(
            "external-address",
            "high",
            before.api.externalAddress ?? after.api.externalAddress ?? "",
            "Another name from outside: it must be in the API servers' certificate, which kubeadm renews",
          ),
        ]),
    ...(addresses.length === 0
      ? []
      : [
          risk(
            "address-moved",
            "critical",
            "the machines themselves",
            `etcd and certificates name the old addresses (${addresses.join(", ")})`,
          ),
        ]),
  ];
}

/** Services by which a control plane takes part in the way through the VIP. */
const onTheWay = /\b(haproxy|molly-vip|heartbeat|keepalived|logd): restart/;

function interrupted(site: SiteView, { order }: HostsChange): Finding[] {
  const planes = new Set(site.machines.filter(({ role }) => role === "control-plane").map(({ name }) => name));
  const hit = order.filter(({ node, what }) => planes.has(node) && onTheWay.test(what)).map(({ node }) => node);
  if (hit.length === 0) return [];
  return [
    risk(
      "vip-moves",
      "medium",
      through(site),
      `One machine after another (${hit.join(", ")}), the likely holder last: the VIP moves at most once; requests that are under way there fail`,
    ),
  ];
}

function lostMachines(site: SiteView, stacks: readonly StackChange[]): Finding[] {
  const planes = site.machines.filter(({ role }) => role === "control-plane");
  const away = stacks
    .flatMap(({ resources }) => resources.filter(isAway))
    .map(({ address }) => address.split(".").at(-1) ?? "");
  const hit = planes.filter(({ name }) => away.includes(name));
  if (hit.length === 0) return [];
  const quorum = Math.floor(planes.length / 2) + 1;
  const left = planes.length - hit.length;
  const names = hit.map(({ name }) => name).join(", ");
  return left < quorum
    ? [
        risk(
          "quorum-lost",
          "critical",
          through(site),
          `${hit.length} of ${planes.length} control planes are away at once (${names}): etcd needs ${quorum}, so no path to the API is left`,
        ),
      ]
    : [
        risk(
          "control-plane-away",
          "high",
          `${names} at port ${site.api.backendPort}`,
          `Away meanwhile; through the VIP ${left} of ${planes.length} API servers are left, ${left - quorum === 0 ? "none of which may fail" : `of which ${left - quorum} may fail`}`,
        ),
      ];
}

const isAway = ({ address, action, guarded, shutdown }: ResourceChange): boolean =>
  /_vm\./.test(address) && !guarded && (action === "destroy" || action === "replace" || shutdown === "done");
