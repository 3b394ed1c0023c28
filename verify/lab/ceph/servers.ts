import { Failure, type Server, type Site } from "@molly/site";

/** Whom ceph-csi says it is: made by molly-ceph.sh with rights to the site's group and its static volumes' folders. */
export const clientName = "client.csi";

/** A server that carries a part of Ceph in the replica. */
export type CephServer = Pick<Server, "name" | "address">;

/** Servers of the site that the replica starts for Ceph: by role, as the site has them. */
export interface CephServers {
  /** Each with a monitor, a manager and a metadata server: those whose addresses the site gives to CephFS' clients. */
  readonly monitors: readonly CephServer[];
  /** All of them, the monitors first: as many as there are copies of each object, with one disk each. */
  readonly all: readonly CephServer[];
}

/**
 * The fewest servers that make the site's CephFS whole.
 * @throws Failure when the site has no CephFS, or its Ceph is none of its servers'
 */
export function cephServers({ name, storage, servers, ceph }: Site): CephServers {
  const addresses = storage.cephfs?.monitors ?? [];
  const monitors = servers.filter(({ address }) => addresses.includes(address));
  const wrong =
    storage.cephfs === undefined
      ? "it has no storage.cephfs"
      : monitors.length < addresses.length
        ? `storage.cephfs.monitors: ${addresses.filter((one) => !monitors.some(({ address }) => address === one)).join(", ")} is no server's address`
        : undefined;
  if (wrong !== undefined)
    throw new Failure({
      what: `The replica can't have the CephFS of site '${name}'.`,
      seen: wrong,
      remedy: "Name the servers' own addresses in storage.cephfs.monitors; another site's Ceph can't be started here.",
      badInput: true,
    });
  const others = servers.filter((server) => !monitors.includes(server) && hasDisk(server));
  const withDisk = monitors.filter(hasDisk);
  return { monitors, all: [...monitors, ...others.slice(0, Math.max(0, ceph.size - withDisk.length))] };
}

const hasDisk = ({ disks }: Server): boolean => disks.some(({ use }) => use === "ceph");
