import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Site } from "@molly/site";
import type { Engine } from "../engine.ts";
import { device, MachineContainer } from "../machine-container.ts";
import { containerName, label } from "../names.ts";
import type { CephServer } from "./servers.ts";

/** What stands for Proxmox VE's own commands, and how Ceph's daemons are started. */
const serverFolder = fileURLToPath(new URL("../proxmox/server", import.meta.url));

/** Where the container finds the stack's scripts: as rendered, mounted. */
export const scriptsFolder = "/opt/molly/ceph";

/** The volume that the servers share as /etc/pve: Ceph's configuration and its keys. */
export const sharedVolume = (site: Site): string => containerName(site, "pve");

export interface CephServerContainerProps {
  readonly engine: Engine;
  readonly site: Site;
  readonly server: CephServer;
  readonly image: string;
  readonly privileged: boolean;
  /** The folder `dist/<site>`. */
  readonly dist: string;
}

/** A server with nothing but Ceph on it: no API, no machines. */
export class CephServerContainer extends MachineContainer {
  constructor({ engine, site, server, image, privileged, dist }: CephServerContainerProps) {
    const mounts = [
      { source: serverFolder, target: "/opt/molly-replica/server", mode: "ro" as const },
      { source: join(dist, "infra", "ceph", "scripts"), target: scriptsFolder, mode: "ro" as const },
      { source: sharedVolume(site), target: "/var/lib/molly-replica/shared", mode: "rw" as const },
    ];
    super({ engine, site, machine: server, image, privileged, mounts });
    this.withLabels({ [label.site]: site.name, [label.ceph]: server.name });
    Object.assign(this.hostConfig, { Devices: [device("/dev/fuse")] });
    Object.assign(this.createOpts, { Volumes: { "/var/lib/ceph": {}, "/var/lib/molly-replica/disks": {} } });
  }
}
