/** Proxmox VE's privileges by their kind and by who has them in the roles it brings: pve-access-control, `$privgroups`. */
const groups = {
  VM: {
    root: [],
    admin: [
      "VM.Config.Disk", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Network", "VM.Config.HWType", "VM.Config.Options",
      "VM.Allocate", "VM.Clone", "VM.GuestAgent.Unrestricted", "VM.Migrate", "VM.Replicate", "VM.Snapshot",
      "VM.Snapshot.Rollback",
    ],
    user: [
      "VM.Config.CDROM", "VM.Config.Cloudinit", "VM.Console", "VM.Backup", "VM.GuestAgent.FileRead",
      "VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.FileWrite", "VM.PowerMgmt",
    ],
    audit: ["VM.Audit", "VM.GuestAgent.Audit"],
  },
  Sys: {
    root: ["Sys.PowerMgmt", "Sys.Modify", "Sys.Incoming", "Sys.AccessNetwork"],
    admin: ["Sys.Console", "Sys.Syslog"],
    user: [],
    audit: ["Sys.Audit"],
  },
  Datastore: {
    root: [],
    admin: ["Datastore.Allocate", "Datastore.AllocateTemplate"],
    user: ["Datastore.AllocateSpace"],
    audit: ["Datastore.Audit"],
  },
  SDN: { root: [], admin: ["SDN.Allocate", "SDN.Audit"], user: ["SDN.Use"], audit: ["SDN.Audit"] },
  User: { root: ["Realm.Allocate"], admin: ["User.Modify", "Group.Allocate", "Realm.AllocateUser"], user: [], audit: [] },
  Pool: { root: [], admin: ["Pool.Allocate"], user: ["Pool.Audit"], audit: ["Pool.Audit"] },
  Mapping: { root: [], admin: ["Mapping.Modify"], user: ["Mapping.Use"], audit: ["Mapping.Audit"] },
} as const; // prettier-ignore

/** Every privilege there is: a role of one's own may have no other. */
export const privileges: ReadonlySet<string> = new Set([
  "Permissions.Modify",
  ...Object.values(groups).flatMap(({ root, admin, user, audit }) => [...root, ...admin, ...user, ...audit]),
]);

/** The roles that every Proxmox VE has; they can't be changed. */
export const specialRoles: ReadonlyMap<string, ReadonlySet<string>> = new Map<string, ReadonlySet<string>>([
  ["NoAccess", new Set()],
  ["Administrator", privileges],
  ...Object.entries(groups).flatMap(([name, { admin, user, audit }]): [string, ReadonlySet<string>][] => [
    [`PVE${name}Admin`, new Set([...admin, ...user, ...audit])],
    ...(user.length > 0 ? [[`PVE${name}User`, new Set([...user, ...audit])] as [string, ReadonlySet<string>]] : []),
  ]),
  [
    "PVEAdmin",
    new Set(
      Object.values(groups)
        .flatMap(({ admin, user, audit }) => [...admin, ...user, ...audit])
        .filter((privilege) => privilege !== "Mapping.Modify"),
    ),
  ],
  ["PVEAuditor", new Set(Object.values(groups).flatMap(({ audit }) => [...audit]))],
]);
