import type { Machine, Site } from "./schema.ts";

/** All that is needed to tell machines apart: rules run on parts of a site whose other parts are broken. */
type Machines = Pick<Site, "machines">;

/** The machines that run an API server, in the site's order. */
export const controlPlanes = (site: Machines): Machine[] =>
  site.machines.filter(({ role }) => role === "control-plane");

/** The machines that run workloads, in the site's order. */
export const workers = (site: Machines): Machine[] => site.machines.filter(({ role }) => role === "worker");

/** A virtual machine, as far as the server that it is on is concerned. */
type Load = Pick<Machine, "name" | "role" | "server" | "cores" | "memoryGiB" | "diskGiB">;

/** Everything that runs on the servers: the cluster's machines, and the gateways where there are any. */
export const virtualMachines = ({ machines, gateway }: Pick<Site, "machines" | "gateway">): Load[] => [
  ...machines,
  ...(gateway.enabled ? gateway.machines.map((machine) => ({ ...machine, role: "worker" as const })) : []),
];

/** `address:port` under which clients reach the API. */
export const apiEndpoint = (site: Site): string => `${site.api.vip}:${site.api.port}`;

/** The control plane that starts the cluster, and the preferred holder unless the site names another. */
export function firstControlPlane(site: Site): Machine {
  const first = controlPlanes(site)[0];
  if (first === undefined) throw new Error(`Site '${site.name}' has no control plane: it was not validated.`);
  return first;
}

/** The name of the machine that holds the VIP when all is well. */
export const preferredHolder = (site: Site): string => site.vip.preferred ?? firstControlPlane(site).name;
