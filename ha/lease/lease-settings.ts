import { controlPlanes, haproxyHealthPort, type Machine, preferredHolder, type Site } from "@molly/site";

/** Where kubeadm's etcd listens for clients. */
export const etcdPort = 2379;

/** Proxmox knows machines by their numbers. Fingerprints as Python prints them. */
function fencingSettings({ vip: { fencing }, ...site }: Site) {
  if (fencing === undefined) return {};
  const fingerprints = fencing.fingerprints.map((text) => text.replaceAll(":", "").toLowerCase());
  const machines = Object.fromEntries(controlPlanes(site).map(({ name, vmId }) => [name, vmId]));
  return { fencing: { ...fencing, fingerprints, machines } };
}

/** /etc/molly/vip.json of one control plane; `ha/molly-vip/settings.py` reads it. */
export function leaseSettings(site: Site, machine: Machine): string {
  const peers = controlPlanes(site);
  const others = peers.filter(({ name }) => name !== machine.name);
  const settings = {
    node: machine.name,
    vip: site.api.vip,
    interface: site.network.interface,
    // This machine's own member first: it answers also while the network does not.
    etcd: ["127.0.0.1", ...others.map(({ address }) => address)].map((host) => `${host}:${etcdPort}`),
    peers: peers.map(({ name }) => name),
    healthPort: haproxyHealthPort,
    times: site.vip.lease,
    preferred: preferredHolder(site),
    failback: site.vip.failback,
    ...fencingSettings(site),
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
