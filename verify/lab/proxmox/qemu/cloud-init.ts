import { createHash } from "node:crypto";
import type { Cluster } from "../store/cluster.ts";
import type { Config, VirtualMachine } from "../store/machine.ts";
import type { CloudInitSeed } from "../store/machinery.ts";
import { parseProperties } from "./property-string.ts";

/** Name servers and search domains: the machine's own, or its server's. */
interface Dns {
  readonly servers: readonly string[];
  readonly search: readonly string[];
}

const words = (text: string | undefined): string[] => (text ?? "").split(/\s+/).filter(Boolean);

/** The public keys, one a line, as `sshkeys` has them: encoded for a URL. */
const keysOf = (config: Config): string[] =>
  decodeURIComponent(config["sshkeys"] ?? "")
    .split("\n")
    .map((key) => key.trim())
    .filter(Boolean);

/**
 * What a machine's cloud-init drive holds: the files that `cicustom` names, and for the others what Proxmox VE makes of
 * the configuration. Line by line as qemu-server's PVE::QemuServer::Cloudinit does it for `nocloud`.
 */
export async function cloudInitSeed(cluster: Cluster, machine: VirtualMachine): Promise<CloudInitSeed> {
  const { config, server, vmid } = machine;
  const custom = parseProperties(config["cicustom"] ?? "").properties;
  const snippet = async (kind: string): Promise<string | undefined> => {
    const volid = custom.get(kind);
    if (volid === undefined) return undefined;
    return (await cluster.machinery.files.read(server, cluster.fileOf(server, volid))).toString("utf8");
  };
  const { dns } = cluster.server(server);
  const user = (await snippet("user")) ?? userData(config, vmid);
  const network =
    (await snippet("network")) ??
    networkConfig(config, {
      servers:
        config["nameserver"] === undefined
          ? [dns["dns1"], dns["dns2"], dns["dns3"]].filter((one) => one !== undefined)
          : words(config["nameserver"]),
      search: words(config["searchdomain"] ?? dns["search"]),
    });
  const instance = createHash("sha1")
    .update(user + network)
    .digest("hex");
  return {
    "user-data": user,
    "network-config": network,
    "vendor-data": (await snippet("vendor")) ?? "",
    // Another text is another instance: cloud-init then runs as at a first boot.
    "meta-data": (await snippet("meta")) ?? `instance-id: ${instance}\n`,
  };
}

export function userData(config: Config, vmid: number): string {
  const full = config["name"] ?? `VM${vmid}`;
  const [hostname = full] = full.split(".");
  const search = words(config["searchdomain"])[0];
  const fqdn = full.includes(".") || search === undefined ? full : `${full}.${search}`;
  const username = config["ciuser"];
  const keys = keysOf(config);
  return [
    "#cloud-config",
    `hostname: ${hostname}`,
    "manage_etc_hosts: true",
    `fqdn: ${fqdn}`,
    ...(username === undefined ? [] : [`user: ${username}`]),
    ...(username === "root" ? ["disable_root: False"] : []),
    ...(config["cipassword"] === undefined ? [] : [`password: ${config["cipassword"]}`]),
    ...(config["sshkeys"] === undefined ? [] : ["ssh_authorized_keys:", ...keys.map((key) => `  - ${key}`)]),
    "chpasswd:",
    "  expire: False",
    ...(username === "root" ? [] : ["users:", "  - default"]),
    ...(config["ciupgrade"] === undefined || config["ciupgrade"] === "1" ? ["package_upgrade: true"] : []),
    "",
  ].join("\n");
}

/** cloud-init's network configuration, version 1. A device without `ipconfigN` is left out. */
export function networkConfig(config: Config, { servers, search }: Dns): string {
  const devices = Object.keys(config)
    .filter((option) => /^net\d+$/.test(option))
    .sort();
  const lines = ["version: 1", "config:"];
  for (const device of devices) {
    const number = device.slice("net".length);
    const addresses = config[`ipconfig${number}`];
    const mac = macOf(config[device]);
    if (addresses === undefined || mac === undefined) continue;
    lines.push(
      "    - type: physical",
      `      name: eth${number}`,
      `      mac_address: '${mac.toLowerCase()}'`,
      "      subnets:",
    );
    const { properties } = parseProperties(addresses);
    const ip = properties.get("ip");
    if (ip === "dhcp") lines.push("      - type: dhcp4");
    else if (ip !== undefined) {
      const [address, prefix] = ip.split("/");
      lines.push(
        "      - type: static",
        `        address: '${address}'`,
        `        netmask: '${netmask(Number(prefix))}'`,
      );
      if (properties.has("gw")) lines.push(`        gateway: '${properties.get("gw")}'`);
    }
  }
  lines.push("    - type: nameserver");
  if (servers.length > 0) lines.push("      address:", ...servers.map((server) => `      - '${server}'`));
  if (search.length > 0) lines.push("      search:", ...search.map((domain) => `      - '${domain}'`));
  return `${lines.join("\n")}\n`;
}

/** `255.255.255.0` of 24. */
const netmask = (prefix: number): string =>
  [24, 16, 8, 0].map((shift) => (((2 ** 32 - 2 ** (32 - prefix)) / 2 ** shift) % 256) | 0).join(".");

/** The MAC address of a network device, `virtio=02:00:…,bridge=vmbr0`. */
export const macOf = (device: string | undefined): string | undefined =>
  [...parseProperties(device ?? "").properties.values()].find((value) =>
    /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value),
  );
