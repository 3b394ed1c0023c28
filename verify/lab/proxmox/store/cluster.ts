import { Access } from "./access.ts";
import { died } from "./api-error.ts";
import { HighAvailability } from "./high-availability.ts";
import { type VirtualMachine } from "./machine.ts";
import type { Machinery } from "./machinery.ts";
import { type ServerState, newServerState } from "./server-state.ts";
import { folderOf, isFileContent, parseVolumeId, type Storage, type Volume } from "./storage.ts";
import { Tasks } from "./tasks.ts";

export interface ClusterProps {
  /** Servers by name, each with the address of its management interface. */
  readonly servers: Readonly<Record<string, string>>;
  /** The network's prefix length, gateway and bridge, for what the API tells of the servers. */
  readonly network: { readonly prefix: number; readonly gateway: string; readonly bridge: string };
  readonly storages: readonly Storage[];
  readonly machinery: Machinery;
}

/** The one state that all servers of a cluster show: what pmxcfs keeps in /etc/pve, tasks, and what runs. */
export class Cluster {
  readonly access = new Access();
  readonly tasks = new Tasks();
  readonly highAvailability = new HighAvailability();
  readonly servers: ReadonlyMap<string, ServerState>;
  readonly storages: Map<string, Storage>;
  readonly machines = new Map<number, VirtualMachine>();
  readonly volumes = new Map<string, Volume>();
  readonly machinery: Machinery;

  constructor({ servers, network, storages, machinery }: ClusterProps) {
    this.servers = new Map(
      Object.entries(servers).map(([name, address]) => [name, newServerState(name, address, network)]),
    );
    this.storages = new Map(storages.map((storage) => [storage.storage, storage]));
    this.machinery = machinery;
  }

  /** @throws ApiError when there is no such server */
  server(name: string): ServerState {
    const server = this.servers.get(name);
    if (server === undefined) throw died(`hostname lookup '${name}' failed - failed to get address info for: ${name}`);
    return server;
  }

  /** @throws ApiError when there is no such machine on the server */
  machine(server: string, vmid: number): VirtualMachine {
    const machine = this.machines.get(vmid);
    if (machine?.server !== server)
      throw died(`Configuration file 'nodes/${server}/qemu-server/${vmid}.conf' does not exist`);
    return machine;
  }

  /** @throws ApiError when there is no such storage, or none on this server */
  storage(name: string, server?: string): Storage {
    const storage = this.storages.get(name);
    if (storage === undefined) throw died(`storage '${name}' does not exist`);
    if (server !== undefined && storage.nodes !== undefined && !storage.nodes.includes(server))
      throw died(`storage '${name}' is not available on node '${server}'`);
    return storage;
  }

  /** Where on a server the file of a volume is. @throws ApiError unless it is one of a file storage */
  fileOf(server: string, volid: string): string {
    const volume = parseVolumeId(volid);
    if (volume === undefined) throw died(`unable to parse volume ID '${volid}'`);
    const { path } = this.storage(volume.storage, server);
    const [, kind = "", name] = /^(\w+)\/([^/]+)$/.exec(volume.name) ?? [];
    if (path === undefined || name === undefined || !isFileContent(kind))
      throw died(`unable to parse directory volume name '${volume.name}'`);
    return `${path}/${folderOf[kind]}/${name}`;
  }
}
