import type { App } from "cdktf";
import { CephPool } from "@cdktf/provider-proxmox/ceph-pool";
import type { Site } from "@molly/site";
import { byName } from "../servers/by-name.ts";
import { staticFolders, subvolumeGroup } from "../servers/ceph-client.ts";
import { cephDaemonServers } from "../servers/ceph-daemon-servers.ts";
import { cephScriptsHash } from "../servers/stack-files.ts";
import { keepName } from "../terraform-name.ts";
import { entryServer } from "./entry-server.ts";
import { onServer, sshConfigVariable } from "./on-server.ts";
import { osdDisks } from "./osd-disks.ts";
import { ProxmoxStack } from "./proxmox-stack.ts";

/**
 * Ceph on the cluster of the stack `servers`.
 *
 * - `server_<server>`: Ceph's programs, monitor, manager, metadata server, and an OSD for each disk. Those with a monitor one
 *   after another, since each joins the majority of those before; then the others side by side.
 * - `vm_pool`: the pool of the machines' disks, and the storage of the same name that shows it to Proxmox VE.
 * - `file_system`: the CephFS, its storage, and what Kubernetes' driver needs of it.
 *
 * The provider knows pools alone: all else is `molly-ceph.sh`, which does only what is not done, and removes nothing. So a
 * disk that leaves the site stays an OSD until a person takes it out, and nothing that a plan replaces here loses data.
 */
export class CephStack extends ProxmoxStack {
  constructor(app: App, site: Site) {
    super(app, site, "ceph");
    sshConfigVariable(this);
    const dependsOn = this.#servers(site);
    this.#pool(site, dependsOn);
    onServer(this, entryServer(site), {
      name: "file_system",
      command: "molly-ceph.sh fs storage subvolumegroup client_key",
      triggers: [cephScriptsHash, site.ceph.fileSystem, subvolumeGroup(site), staticFolders(site)],
      dependsOn,
    });
  }

  /** Returns the addresses of all. */
  #servers(site: Site): string[] {
    const disks = osdDisks(this, site);
    const make = (name: string, daemons: boolean, dependsOn: readonly string[]): string => {
      const arguments_ = disks(name);
      return onServer(this, name, {
        name: `server_${name}`,
        command: `molly-ceph.sh${arguments_}`,
        triggers: [cephScriptsHash, daemons, arguments_],
        dependsOn,
      });
    };
    const first = cephDaemonServers(site).map(({ name }) => name);
    const others = byName(site.servers).flatMap(({ name }) => (first.includes(name) ? [] : [name]));
    const made: string[] = [];
    for (const name of first) made.push(make(name, true, made.slice(-1)));
    return [...made, ...others.map((name) => make(name, false, made.slice(-1)))];
  }

  #pool(site: Site, dependsOn: readonly string[]): void {
    const { size, minSize, vmPool } = site.ceph;
    const pool = new CephPool(this, "vm-pool", {
      nodeName: entryServer(site),
      name: vmPool,
      application: "rbd",
      size,
      minSize,
      pgAutoscaleMode: "on",
      addStorages: true,
      dependsOn: dependsOn.map((fqn) => ({ fqn })),
      lifecycle: {
        // Every machine's disk is in it.
        preventDestroy: true,
        // The pool belongs to the whole cluster; the server is only whom we ask.
        ignoreChanges: ["node_name"],
      },
    });
    keepName(pool, "vm_pool");
  }
}
