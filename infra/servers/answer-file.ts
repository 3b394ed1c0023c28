import { parseNetwork, type Server, type Site } from "@molly/site";
import { diskFilters, serialOf } from "./disk-filters.ts";

/**
 * The answers to what Proxmox VE's installer asks, for one server (PVE 9, "Automated Installation"). What is no business of
 * a file for all to read, and what the site leaves open, stands between @ signs: build-isos.sh fills it in.
 */
export function answerFile({ network, proxmox }: Site, server: Server): string {
  const fqdn = `${server.name}.${proxmox.domain}`;
  const filters = mirrorFilters(server).map(([property, pattern]) => `filter.${property} = ${toml(pattern)}`);
  return `# Proxmox VE's automated installation of ${server.name}. Booting the medium that build-isos.sh makes of it ERASES the two disks below.
[global]
fqdn = ${toml(fqdn)}
mailto = ${toml(`root@${fqdn}`)}
country = ${toml(proxmox.country)}
keyboard = ${toml(proxmox.keyboard)}
timezone = ${toml(proxmox.timeZone)}
root-password-hashed = "@HASH@"
root-ssh-keys = [@KEYS@]
# A failed installation waits for a person to look at it.
reboot-on-error = false

[network]
source = "from-answer"
cidr = ${toml(`${server.address}/${parseNetwork(network.cidr)?.prefix}`)}
gateway = ${toml(network.gateway)}
# The installer takes one; Terraform sets all.
dns = ${toml(network.nameServers[0] ?? "")}
filter.ID_NET_NAME_MAC = ${toml(`*${server.mac?.replaceAll(":", "") ?? "@MAC@"}`)}

[disk-setup]
filesystem = "zfs"
zfs.raid = "raid1"
# Either pattern finds one disk of the mirror.
filter-match = "any"
${filters.join("\n")}
`;
}

function mirrorFilters({ disks }: Server) {
  const [first, second] = disks.filter(({ use }) => use === "zfs").map(({ id }) => id);
  return first === undefined || second === undefined
    ? diskFilters("@FIRST_DISK@", "@SECOND_SERIAL@")
    : diskFilters(first, serialOf(second));
}

/** The rules of the site leave no character in its values that JSON and TOML would write differently. */
const toml = (text: string): string => JSON.stringify(text);
