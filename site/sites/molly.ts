import type { SiteInput } from "../schema.ts";

const mirror = { sizeTiB: 1.8, use: "zfs" } as const;
const osd = { sizeTiB: 1.8, use: "ceph" } as const;
const server = { cores: 6, memoryGiB: 32 };
const controlPlane = { role: "control-plane", cores: 2, memoryGiB: 4, diskGiB: 64 } as const;
const worker = { role: "worker", cores: 2, memoryGiB: 4, diskGiB: 128 } as const;

/** "Prototype Molly": names, addresses and sizes of its machines as in the seed; versions are those supported today. */
export const molly: SiteInput = {
  name: "molly",
  title: "Prototype Molly",
  debian: { release: "trixie" },
  containerd: { version: "2.2.1" },
  kubernetes: { version: "1.36.3", podNetwork: "10.244.0.0/16" },
  network: { cidr: "10.0.1.0/24", gateway: "10.0.1.5", nameServers: ["8.8.8.8"], interface: "ens18" },
  api: { vip: "10.0.1.99", port: 60443 },
  // The seed leaves the servers' addresses open: these are free ones of its network. What nobody but their owner knows, the
  // ids of disks and network cards, is asked for where it is needed, unless it is added here as `id` and `mac`.
  servers: [
    { name: "pve0", ...server, address: "10.0.1.10", disks: [mirror, mirror, osd, osd] },
    { name: "pve1", ...server, address: "10.0.1.11", disks: [mirror, mirror, osd, osd] },
    { name: "pve2", ...server, address: "10.0.1.12", disks: [mirror, mirror, osd, osd] },
    { name: "pve3", ...server, address: "10.0.1.13", disks: [mirror, mirror, osd] },
    { name: "pve4", ...server, address: "10.0.1.14", disks: [mirror, mirror, osd, osd] },
  ],
  // The seed leaves open which server runs which machine: control planes apart, the others where most is free.
  machines: [
    { name: "kube0", ...controlPlane, address: "10.0.1.100", vmId: 100, server: "pve0" },
    { name: "kube1", ...controlPlane, address: "10.0.1.101", vmId: 101, server: "pve1" },
    { name: "kube2", ...controlPlane, address: "10.0.1.102", vmId: 102, server: "pve2" },
    { name: "kube3", ...worker, address: "10.0.1.103", vmId: 103, server: "pve3" },
    { name: "kube4", ...worker, address: "10.0.1.104", vmId: 104, server: "pve4" },
    { name: "kube5", ...worker, address: "10.0.1.105", vmId: 105, server: "pve3" },
    { name: "kube6", ...worker, address: "10.0.1.106", vmId: 106, server: "pve4" },
    { name: "kube7", ...worker, address: "10.0.1.107", vmId: 107, server: "pve0" },
  ],
  canal: { version: "3.32.1", flannelVersion: "0.28.10" },
  // The seed knows no Git: put your own repository here. `example.org` is nobody's.
  gitops: { url: "https://git.example.org/molly.git" },
  // The seed mounts CephFS into pods and leaves the servers' addresses open: those of the first three.
  storage: { cephfs: { monitors: ["10.0.1.10", "10.0.1.11", "10.0.1.12"] } },
};
