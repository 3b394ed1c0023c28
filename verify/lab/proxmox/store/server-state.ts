/** An interface of a server, as /etc/network/interfaces describes it. */
export type Interface = Readonly<Record<string, string>>;

/** What belongs to one server alone. */
export interface ServerState {
  readonly name: string;
  readonly address: string;
  dns: Readonly<Record<string, string>>;
  hosts: string;
  timezone: string;
  /** As they are in force, by name. */
  interfaces: ReadonlyMap<string, Interface>;
  /** As they will be after a reload; undefined when nothing was changed. */
  pendingInterfaces: ReadonlyMap<string, Interface> | undefined;
}

/** What Proxmox's installer leaves: one bridge on the one network interface. */
export function newServerState(
  name: string,
  address: string,
  { prefix, gateway, bridge }: { readonly prefix: number; readonly gateway: string; readonly bridge: string },
): ServerState {
  return {
    name,
    address,
    dns: { dns1: gateway, search: "local" },
    hosts: `127.0.0.1 localhost.localdomain localhost\n${address} ${name}.local ${name}\n`,
    timezone: "Etc/UTC",
    interfaces: new Map<string, Interface>([
      ["eno1", { iface: "eno1", type: "eth", method: "manual", active: "1", exists: "1" }],
      [
        bridge,
        {
          ...{ iface: bridge, type: "bridge", method: "static", active: "1", autostart: "1", bridge_ports: "eno1" },
          ...{
            address,
            netmask: String(prefix),
            cidr: `${address}/${prefix}`,
            gateway,
            bridge_fd: "0",
            bridge_stp: "off",
          },
        },
      ],
    ]),
    pendingInterfaces: undefined,
  };
}
