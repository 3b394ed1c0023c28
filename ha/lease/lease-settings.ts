import { controlPlanes, haproxyHealthPort, type Machine, preferredHolder, type Site } from "@molly/site";

/** Where kubeadm's etcd listens for clients. */
export const etcdPort = 2379;

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
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
