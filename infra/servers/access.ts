/** A role of Proxmox VE, and where a user has it. */
export interface Grant {
  readonly role: string;
  readonly path: string;
  /** Whether it holds for everything below the path too. */
  readonly propagate: boolean;
  /** Left out: a role that Proxmox VE brings. */
  readonly privileges?: readonly string[];
}

/**
 * What the stacks `ceph` and `machines` need, and no more. Each privilege was read in the `permissions` of an endpoint that
 * the provider asks: qemu-server 9.2 (API2/Qemu.pm), pve-storage, pve-ha-manager and pve-manager (API2/Ceph) of mid 2026.
 */
export const terraformGrants = (bridge: string): readonly Required<Grant>[] => [
  {
    role: "terraform-machines",
    path: "/vms",
    propagate: true,
    privileges: [
      "VM.Allocate",
      "VM.Audit",
      "VM.Config.CDROM",
      "VM.Config.CPU",
      "VM.Config.Cloudinit",
      "VM.Config.Disk",
      "VM.Config.HWType",
      "VM.Config.Memory",
      "VM.Config.Network",
      "VM.Config.Options",
      // Its addresses, which the provider reads at every plan.
      "VM.GuestAgent.Audit",
      "VM.PowerMgmt",
    ],
  },
  {
    role: "terraform-storage",
    path: "/storage",
    propagate: true,
    // Allocate: to read a storage's own description, to make the pool's, and to delete Debian's former image.
    privileges: ["Datastore.Allocate", "Datastore.AllocateSpace", "Datastore.AllocateTemplate", "Datastore.Audit"],
  },
  {
    role: "terraform-cluster",
    path: "/",
    // Proxmox VE asks for these at the root itself; on the servers' own settings they shall not bear.
    propagate: false,
    // Console: HA's resources and rules. Modify: Ceph's pools, the machines' order of starting, downloads from a URL.
    privileges: ["Sys.Audit", "Sys.Console", "Sys.Modify"],
  },
  { role: "terraform-network", path: `/sdn/zones/localnetwork/${bridge}`, propagate: true, privileges: ["SDN.Use"] },
];

/** Everything may be looked at, nothing changed: Proxmox VE's own role for that. */
export const verifyGrants: readonly Grant[] = [{ role: "PVEAuditor", path: "/", propagate: true }];
