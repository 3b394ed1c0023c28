import type { Site } from "@molly/site";
import { clientName } from "../lab/ceph/servers.ts";
import { clientFiles } from "./client.ts";

/** Ceph's configuration for a client, from what the site says about its CephFS and nothing else. */
export function clientConfiguration({ storage: { cephfs } }: Site): string {
  const modes = cephfs?.transport === "secure" ? "secure" : "crc";
  const monitors = (cephfs?.monitors ?? []).map((address) => `v2:${address}:3300`).join(",");
  return [
    "[global]",
    `mon_host = ${monitors}`,
    `ms_client_mode = ${modes}`,
    `ms_mon_client_mode = ${modes}`,
    // Nothing of a client's own is kept.
    "admin_socket =",
    "log_file = /tmp/ceph-$name.log",
    "",
  ].join("\n");
}

/** The command that mounts a folder of the file system. */
export const mountCommand = ({ ceph }: Site, path: string, place: string): string[] => [
  ...["ceph-fuse", "--conf", clientFiles.configuration, "--name", clientName, "--keyring", clientFiles.keyring],
  ...["--client_fs", ceph.fileSystem, "--client_mountpoint", path, place],
];
