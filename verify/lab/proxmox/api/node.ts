import { wrongParameters } from "../store/api-error.ts";
import type { Interface, ServerState } from "../store/server-state.ts";
import { at, beginTask, type Call, everybody, needs, type Route } from "./route.ts";

const serverOf = (call: Call): ServerState => call.cluster.server(at(call, "node"));
const auditNode = needs("/nodes/{node}", "Sys.Audit");
const modifyNode = needs("/nodes/{node}", "Sys.Modify");

/** pve-manager: PVE::API2::Nodes: name servers, hosts file, time zone. */
export const nodeRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/version",
    allow: everybody,
    handle: () => ({ version: "9.2.6", release: "9.2" }),
  },
  { method: "GET", path: "/nodes/{node}/dns", allow: auditNode, handle: (call) => serverOf(call).dns },
  {
    method: "PUT",
    path: "/nodes/{node}/dns",
    allow: modifyNode,
    params: ["search", "dns1", "dns2", "dns3"],
    handle: (call) => {
      call.param.need("search");
      serverOf(call).dns = call.param.except();
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/hosts",
    allow: needs("/", "Sys.Audit"),
    handle: (call) => ({ data: serverOf(call).hosts }),
  },
  {
    method: "POST",
    path: "/nodes/{node}/hosts",
    allow: modifyNode,
    params: ["data", "digest"],
    handle: (call) => void (serverOf(call).hosts = call.param.need("data")),
  },
  {
    method: "GET",
    path: "/nodes/{node}/time",
    allow: auditNode,
    handle: (call) => {
      const time = Math.floor(Date.now() / 1000);
      return { time, localtime: time, timezone: serverOf(call).timezone };
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/time",
    allow: modifyNode,
    params: ["timezone"],
    handle: (call) => void (serverOf(call).timezone = call.param.need("timezone")),
  },
];

/** As they will be after a reload, which is what is listed and changed. */
const wantedInterfaces = ({ interfaces, pendingInterfaces }: ServerState): ReadonlyMap<string, Interface> =>
  pendingInterfaces ?? interfaces;

function interfaceOf(call: Call): Interface {
  const found = wantedInterfaces(serverOf(call)).get(at(call, "iface"));
  if (found === undefined) throw wrongParameters({ iface: "interface does not exist" });
  return found;
}

const shown = (one: Interface): object => ({ families: ["inet"], priority: 3, ...one });

/** What a bridge has besides what was given. */
function completed(iface: string, given: Readonly<Record<string, string>>): Interface {
  const [address, netmask] = given["cidr"]?.split("/") ?? [];
  return {
    ...{
      iface,
      method: given["cidr"] === undefined ? "manual" : "static",
      active: "1",
      bridge_fd: "0",
      bridge_stp: "off",
    },
    ...(address === undefined || netmask === undefined ? {} : { address, netmask }),
    ...given,
  };
}

/** pve-manager: PVE::API2::Network. What is written waits in interfaces.new until a reload. */
export const networkRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/network",
    allow: everybody,
    params: ["type"],
    handle: (call) => [...wantedInterfaces(serverOf(call)).values()].map(shown),
  },
  {
    method: "GET",
    path: "/nodes/{node}/network/{iface}",
    allow: auditNode,
    handle: (call) => shown(interfaceOf(call)),
  },
  {
    method: "POST",
    path: "/nodes/{node}/network",
    allow: modifyNode,
    handle: (call) => {
      const server = serverOf(call);
      const iface = call.param.need("iface");
      if (wantedInterfaces(server).has(iface)) throw wrongParameters({ iface: "interface already exists" });
      server.pendingInterfaces = new Map([...wantedInterfaces(server), [iface, completed(iface, call.param.except())]]);
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/network/{iface}",
    allow: modifyNode,
    handle: (call) => {
      const { iface } = interfaceOf(call);
      const server = serverOf(call);
      const before = Object.entries(interfaceOf(call)).filter(([name]) => !call.param.list("delete").includes(name));
      const after = { ...Object.fromEntries(before), ...call.param.except("delete") };
      server.pendingInterfaces = new Map([...wantedInterfaces(server), [iface ?? "", completed(iface ?? "", after)]]);
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/network/{iface}",
    allow: modifyNode,
    handle: (call) => {
      const { iface } = interfaceOf(call);
      const server = serverOf(call);
      server.pendingInterfaces = new Map([...wantedInterfaces(server)].filter(([name]) => name !== iface));
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/network",
    allow: modifyNode,
    params: ["regenerate-frr"],
    handle: (call) =>
      beginTask(call, {
        ...{ type: "srvreload", id: "networking" },
        work: async () => {
          const server = serverOf(call);
          server.interfaces = wantedInterfaces(server);
          server.pendingInterfaces = undefined;
        },
      }),
  },
];
