import type { App } from "cdktf";
import { CephPool } from "@cdktf/provider-proxmox/ceph-pool";
import type { Site } from "@molly/site";
import { keepName } from "../terraform-name.ts";
import { entryServer } from "./entry-server.ts";
import { ProxmoxStack } from "./proxmox-stack.ts";

/**
 * The pool of the machines' disks, and the storage of the same name that shows it to Proxmox VE. Monitors, OSDs and
 * the CephFS come before it by `pveceph`: the provider has nothing for them.
 */
export class CephStack extends ProxmoxStack {
  constructor(app: App, site: Site) {
    super(app, "ceph");
    const { size, minSize, vmPool } = site.ceph;
    keepName(
      new CephPool(this, "vm-pool", {
        nodeName: entryServer(site),
        name: vmPool,
        application: "rbd",
        size,
        minSize,
        pgAutoscaleMode: "on",
        addStorages: true,
        lifecycle: {
          // Every machine's disk is in it.
          preventDestroy: true,
          // The pool belongs to the whole cluster; the server is only whom we ask.
          ignoreChanges: ["node_name"],
        },
      }),
      "vm_pool",
    );
  }
}
