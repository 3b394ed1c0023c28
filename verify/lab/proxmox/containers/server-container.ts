import { fileURLToPath } from "node:url";
import type { Server, Site } from "@molly/site";
import { GenericContainer } from "testcontainers";
import { type Engine, placeOf } from "../../engine.ts";
import { containerName, label, networkName } from "../../names.ts";
import { capabilities } from "../../node-container.ts";
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
export class ServerContainer extends GenericContainer {
  constructor({ engine, site, server, image, privileged, inputs, folder }: ServerContainerProps) {
    super(image);
    this.withName(containerName(site, server.name))
      .withHostname(server.name)
      .withLabels({ [label.site]: site.name, [label.inputs]: inputs, [folderLabel]: folder.path })
      .withNetworkMode(networkName(site))
      .withTmpFs({ "/run": "", "/run/lock": "", "/tmp": "" })
      .withBindMounts([
        { source: serverFolder, target: "/opt/molly-replica/server", mode: "ro" },
        { source: folder.sockets, target: "/run/molly-proxmox", mode: "ro" },
        { source: folder.shared, target: "/var/lib/molly-replica/shared", mode: "rw" },
      ])
      .withEntrypoint(["/sbin/init"])
      .withCommand([])
      .withPullPolicy({ shouldPull: () => "never" })
      .withAutoCleanup(false)
      .withAutoRemove(false);
    if (privileged) this.withPrivilegedMode();
    else this.withAddedCapabilities(...capabilities).withSecurityOpt("seccomp=unconfined", "apparmor=unconfined");
    Object.assign(this.hostConfig, {
      // ceph-fuse mounts the CephFS through it.
      Devices: [{ PathOnHost: "/dev/fuse", PathInContainer: "/dev/fuse", CgroupPermissions: "rwm" }],
      MaskedPaths: [],
      ReadonlyPaths: [],
      ...placeOf(engine),
      ...(engine.cgroupVersion === 1
        ? { CgroupnsMode: "host", Binds: [...(this.hostConfig.Binds ?? []), "/sys/fs/cgroup:/sys/fs/cgroup:rw"] }
        : { CgroupnsMode: "private" }),
    });
    Object.assign(this.createOpts, {
      StopSignal: "SIGRTMIN+3",
      Volumes: { "/var/lib/ceph": {}, "/var/lib/molly-replica/disks": {} },
      NetworkingConfig: { EndpointsConfig: { [networkName(site)]: { IPAMConfig: { IPv4Address: server.address } } } },
    });
  }
}
