import type { RenderedFile, Site } from "@molly/site";

/** Debian's release under Proxmox VE 9. */
const suite = "trixie";

type Channel = Site["proxmox"]["repository"];

const hosts: Readonly<Record<Channel, string>> = {
  "enterprise": "https://enterprise.proxmox.com",
  // Not encrypted: apt checks the signature, and Proxmox offers it like this.
  "no-subscription": "http://download.proxmox.com",
};

/**
 * apt's sources for Proxmox VE and Ceph, under the names that the installer and `pveceph install` use (Proxmox VE 9, "Package
 * Repositories"), so that no other file of theirs stands beside them. The enterprise file comes with the installer: without a
 * subscription it makes every `apt-get update` fail, so there it is switched off.
 */
export function aptSources({ proxmox: { repository }, ceph }: Site): RenderedFile[] {
  const enterprise = repository === "enterprise";
  const files = {
    "ceph": source(repository, `ceph-${ceph.release}`, repository, true),
    "proxmox": source("no-subscription", "pve", "pve-no-subscription", !enterprise),
    "pve-enterprise": source("enterprise", "pve", "pve-enterprise", enterprise),
  };
  return Object.entries(files).map(([name, text]) => ({ path: `${name}.sources`, text }));
}

const source = (channel: Channel, archive: string, component: string, enabled: boolean): string =>
  `${enabled ? "" : "Enabled: no\n"}Types: deb
URIs: ${hosts[channel]}/debian/${archive}
Suites: ${suite}
Components: ${component}
Signed-By: /usr/share/keyrings/proxmox-archive-keyring.gpg
`;
