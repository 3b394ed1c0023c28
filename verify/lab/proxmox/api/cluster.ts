import { wrongParameters } from "../store/api-error.ts";
import type { Cluster } from "../store/cluster.ts";
import type { VirtualMachine } from "../store/machine.ts";
import { type Call, everybody, needs, type Route } from "./route.ts";

/** pve-manager: PVE::API2::Cluster, PVE::API2::APT's version, PVE::API2::Nodes's index. */
export const clusterRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/version",
    allow: everybody,
    handle: () => ({ version: "9.2.6", release: "9.2", repoid: "replica" }),
  },
  {
    method: "GET",
    path: "/nodes",
    allow: everybody,
    handle: ({ cluster }) =>
      [...cluster.servers.keys()].map((node) => ({ node, id: `node/${node}`, type: "node", status: "online" })),
  },
  {
    method: "GET",
    path: "/cluster/resources",
    allow: everybody,
    params: ["type"],
    handle: (call) => resources(call),
  },
  {
    method: "GET",
    path: "/cluster/status",
    allow: needs("/", "Sys.Audit"),
    handle: ({ cluster }) => [
      { id: "cluster", type: "cluster", name: "molly", quorate: 1, version: 1, nodes: cluster.servers.size },
      ...[...cluster.servers.values()].map(({ name, address }, index) => ({
        ...{ id: `node/${name}`, type: "node", name, ip: address, nodeid: index + 1, online: 1, local: 0, level: "" },
      })),
    ],
  },
  {
    method: "GET",
    path: "/cluster/nextid",
    allow: everybody,
    params: ["vmid"],
    handle: ({ cluster, param }) => nextId(cluster, param.get("vmid")),
  },
  // Pools of machines are not modelled: nobody made one.
  { method: "GET", path: "/pools", allow: everybody, handle: () => [] },
];

/** Only what the caller may see: machines with VM.Audit, storages with one of two privileges. */
async function resources({ cluster, caller, param }: Call): Promise<object[]> {
  const type = param.get("type");
  const { access } = cluster;
  const wanted = (...kinds: string[]): boolean => type === undefined || kinds.includes(type);
  const machines = wanted("vm")
    ? [...cluster.machines.values()].filter(({ vmid }) => access.has(caller, `/vms/${vmid}`, "VM.Audit"))
    : [];
  const storages = wanted("storage")
    ? [...cluster.storages.values()].filter(({ storage }) =>
        ["Datastore.Audit", "Datastore.AllocateSpace"].some((one) => access.has(caller, `/storage/${storage}`, one)),
      )
    : [];
  return [
    ...(await Promise.all(machines.map((machine) => machineResource(cluster, machine)))),
    ...(wanted("node") ? [...cluster.servers.keys()] : []).map((node) => ({
      ...{ id: `node/${node}`, type: "node", node, status: "online" },
    })),
    ...storages.flatMap(({ storage, type: plugintype, content, shared, nodes }) =>
      [...cluster.servers.keys()]
        .filter((node) => nodes?.includes(node) ?? true)
        .map((node) => ({
          ...{ id: `storage/${node}/${storage}`, type: "storage", storage, node, plugintype },
          ...{ content: content.join(","), shared: Number(shared), status: "available" },
        })),
    ),
  ];
}

async function machineResource({ machinery }: Cluster, machine: VirtualMachine): Promise<object> {
  const { vmid, server, config } = machine;
  return {
    ...{ id: `qemu/${vmid}`, type: "qemu", vmid, node: server, name: config["name"] ?? `VM${vmid}` },
    ...{ status: (await machinery.hypervisor.isRunning(vmid)) ? "running" : "stopped", template: 0 },
    ...(config["tags"] === undefined ? {} : { tags: config["tags"] }),
  };
}

/** The answer is a text, as Proxmox VE's is. */
function nextId({ machines }: Cluster, asked: string | undefined): string {
  if (asked !== undefined) {
    if (machines.has(Number(asked))) throw wrongParameters({ vmid: `VM ${asked} already exists` });
    return asked;
  }
  let free = 100;
  while (machines.has(free)) free++;
  return String(free);
}
