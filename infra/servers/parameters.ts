import type { Site } from "@molly/site";
import { byName } from "./by-name.ts";
import { staticFolders, subvolumeGroup } from "./ceph-client.ts";
import { cephDaemonServers } from "./ceph-daemon-servers.ts";

/** The release of Proxmox VE that the scripts, the answer files and apt's sources are made for. */
const proxmoxMajor = 9;

/** A mount of CephFS or a first election on a busy machine takes its time; in seconds. */
const waitSeconds = 120;

/**
 * What a stack's scripts on the servers know of the site: `parameters.env`, sourced by them. Nothing else, so that a stack is
 * planned anew only for what it does.
 */
export function parameters(site: Site, stack: "servers" | "ceph"): string {
  const variables = {
    MOLLY_STACK: stack,
    MOLLY_SERVERS: byName(site.servers)
      .map(({ name, address }) => `${name}=${address}`)
      .join(" "),
    MOLLY_WAIT_SECONDS: waitSeconds,
    ...(stack === "servers" ? ofServers(site) : ofCeph(site)),
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"`);
  return `# Sourced by the scripts beside it. The first server forms the cluster.\n${lines.join("\n")}\n`;
}

const ofServers = ({ name }: Site) => ({ MOLLY_CLUSTER: name, MOLLY_PROXMOX_MAJOR: proxmoxMajor });

const ofCeph = (site: Site) => ({
  MOLLY_NETWORK: site.network.cidr,
  MOLLY_REPOSITORY: site.proxmox.repository,
  MOLLY_CEPH_RELEASE: site.ceph.release,
  MOLLY_CEPH_DAEMONS: cephDaemonServers(site)
    .map(({ name }) => name)
    .join(" "),
  MOLLY_CEPH_SIZE: site.ceph.size,
  MOLLY_CEPH_MIN_SIZE: site.ceph.minSize,
  MOLLY_CEPH_FS: site.ceph.fileSystem,
  MOLLY_CEPH_GROUP: subvolumeGroup(site),
  MOLLY_CEPH_FOLDERS: staticFolders(site),
});
