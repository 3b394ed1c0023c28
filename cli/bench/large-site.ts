import { formatAddress, type SiteInput, sites } from "@molly/site";

/** Machines' addresses begin here, servers' 256 before: `10.64.1.0` in a network of 2^18. */
const firstMachine = 0x0a_40_01_00;

/**
 * A site of any size, made from the first site's servers and machines: three control planes, all others workers.
 * @param servers 4 or more, 250 at most; they are large enough for their share and for that of one that is lost
 */
export function largeSite(servers: number, machines: number): SiteInput {
  const [base] = sites;
  const [server] = base?.servers ?? [];
  const plane = base?.machines.find(({ role }) => role === "control-plane");
  const worker = base?.machines.find(({ role }) => role === "worker");
  if (!base || !server || !plane || !worker)
    throw new Error("The first site lacks a server, a control plane or a worker.");
  const share = Math.ceil(machines / servers) + 2;
  const osds = { sizeTiB: 100, use: "ceph" } as const;
  return {
    ...base,
    name: "large",
    kubernetes: { ...base.kubernetes, podNetwork: "10.128.0.0/9" },
    network: { ...base.network, cidr: "10.64.0.0/14", gateway: "10.64.0.1", reserved: [] },
    api: { ...base.api, vip: "10.64.0.2" },
    servers: Array.from({ length: servers }, (_, index) => ({
      ...server,
      ...{ name: `pve${index}`, cores: 4 * share, memoryGiB: 1024 },
      disks: [...server.disks.filter(({ use }) => use === "zfs"), osds],
      ...("address" in server ? { address: formatAddress(firstMachine - 256 + 3 + index) } : {}),
    })),
    machines: Array.from({ length: machines }, (_, index) => ({
      ...(index < 3 ? plane : worker),
      ...{ name: `node${index}`, address: formatAddress(firstMachine + index), vmId: 1000 + index },
      server: `pve${index % servers}`,
    })),
  };
}
