import { fileURLToPath } from "node:url";
import type { Server, Site } from "@molly/site";
import type { Engine } from "../../engine.ts";
import { device, MachineContainer } from "../../machine-container.ts";
import { label } from "../../names.ts";
import { folderLabel, type RunFolder } from "./run-folder.ts";

const serverFolder = fileURLToPath(new URL("../server", import.meta.url));

export interface ServerContainerProps {
  readonly engine: Engine;
  readonly site: Site;
  readonly server: Pick<Server, "name" | "address">;
  readonly image: string;
  readonly privileged: boolean;
  readonly inputs: string;
  readonly folder: RunFolder;
}

/** A container that stands for one Proxmox VE server: systemd, sshd, Ceph's daemons, and the port of the API. */
export class ServerContainer extends MachineContainer {
  constructor({ engine, site, server, image, privileged, inputs, folder }: ServerContainerProps) {
    const mounts = [
      { source: serverFolder, target: "/opt/molly-replica/server", mode: "ro" as const },
      { source: folder.sockets, target: "/run/molly-proxmox", mode: "ro" as const },
      { source: folder.shared, target: "/var/lib/molly-replica/shared", mode: "rw" as const },
    ];
    super({ engine, site, machine: server, image, privileged, mounts });
    this.withLabels({ [label.site]: site.name, [label.inputs]: inputs, [folderLabel]: folder.path });
    // ceph-fuse mounts the CephFS through it.
    Object.assign(this.hostConfig, { Devices: [device("/dev/fuse")] });
    Object.assign(this.createOpts, { Volumes: { "/var/lib/ceph": {}, "/var/lib/molly-replica/disks": {} } });
  }
}
