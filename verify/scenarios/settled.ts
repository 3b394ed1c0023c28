import { controlPlanes, type Site } from "@molly/site";
import { type History, type NodesSeen, type Operation, select } from "../history/operation.ts";
import { type ApiPath, apiPaths } from "../observers/paths.ts";

/**
 * What keeps a cluster from being as it should, judged by what was recorded just now: empty when
 * one node holds the VIP, every path answers every time, etcd has all its members and every node is Ready.
 */
export function unsettled(recent: History, nodes: NodesSeen, site: Site): string[] {
  return [
    ...severalHolders(recent, site),
    ...noHolder(recent, site),
    ...paths(recent, site),
    ...etcd(recent, site),
    ...notReady(nodes, site),
  ];
}

/**
 * What keeps a cluster from taking the next fault: one holder, answers through the VIP, and all of etcd's members are
 * enough. That every node is Ready again, which Kubernetes tells late, no fault depends on.
 */
export const notReadyForMore = (recent: History, site: Site): string[] => [
  ...severalHolders(recent, site),
  ...noHolder(recent, site),
  ...paths(recent, site, "vip"),
  ...etcd(recent, site),
];

/** Whether more than one holds the VIP: time alone does not put that right, and nothing else can be expected to be well meanwhile. */
export function severalHolders(recent: History, site: Site): string[] {
  const holding = holdersIn(recent, site);
  return holding.length > 1 ? [`${holding.join(" and ")} hold the VIP`] : [];
}

function noHolder(recent: History, site: Site): string[] {
  const last = lastByProcess(select(recent, "holder"));
  const unseen = controlPlanes(site).filter(({ name }) => !last.has(name));
  const nobody = holdersIn(recent, site).length === 0 ? ["nobody holds the VIP"] : [];
  return [...unseen.map(({ name }) => `${name} is not observed`), ...nobody];
}

/** The control planes that were last seen with the VIP. */
export function holdersIn(recent: History, site: Site): string[] {
  const last = lastByProcess(select(recent, "holder"));
  return controlPlanes(site).flatMap(({ name }) => (last.get(name)?.assigned ? [name] : []));
}

function paths(recent: History, site: Site, only?: ApiPath["kind"]): string[] {
  const attempts = select(recent, "api");
  return apiPaths(site).flatMap(({ name, kind }) => {
    if (only !== undefined && kind !== only) return [];
    const mine = attempts.filter(({ path }) => path === name);
    const failed = mine.filter(({ type }) => type !== "ok");
    if (mine.length === 0) return [`${name} is not tried`];
    return failed.length > 0
      ? [`${name}: ${failed.length} of ${mine.length} attempts failed (${failed.at(-1)?.outcome})`]
      : [];
  });
}

function etcd(recent: History, site: Site): string[] {
  const last = lastByProcess(select(recent, "etcd"));
  return controlPlanes(site).flatMap(({ name }) =>
    last.get(name)?.type === "ok" ? [] : [`etcd on ${name} has no quorum`],
  );
}

function notReady({ ready, detail }: NodesSeen, site: Site): string[] {
  const missing = site.machines.filter(({ name }) => !ready.includes(name)).map(({ name }) => name);
  return missing.length > 0 ? [`not Ready: ${missing.join(", ")}${detail ? ` (${detail})` : ""}`] : [];
}

/** The last operation of each process. */
const lastByProcess = <T extends Operation>(operations: readonly T[]): Map<string, T> =>
  new Map(operations.map((operation) => [operation.process, operation]));
