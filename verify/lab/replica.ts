import { Failure, type Site } from "@molly/site";
import type { ContainerInfo } from "dockerode";
import type { Engine } from "./engine.ts";
import { label, networkName } from "./names.ts";

/** What of a replica exists in the engine right now. */
export interface Remains {
  readonly containers: readonly ContainerInfo[];
  readonly networks: readonly string[];
}

export async function findRemains({ client }: Engine, site: Pick<Site, "name">): Promise<Remains> {
  const filters = { label: [`${label.site}=${site.name}`] };
  const [containers, networks] = await Promise.all([
    client.container.dockerode.listContainers({ all: true, filters }),
    client.container.dockerode.listNetworks({ filters }),
  ]);
  return { containers, networks: networks.map(({ Name }) => Name) };
}

/** Removes every container, anonymous volume and network of a site's replica, whatever state they are in. Idempotent. */
export async function removeReplica(engine: Engine, site: Pick<Site, "name">): Promise<number> {
  const { containers, networks } = await findRemains(engine, site);
  const { dockerode } = engine.client.container;
  await Promise.all(
    containers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)),
  );
  await Promise.all([
    removeVolumes(engine, site),
    ...networks.map((name) => dockerode.getNetwork(name).remove().catch(ignoreGone)),
  ]);
  return containers.length;
}

/** Removes the servers that are there for Ceph alone, and all that was stored on them. The machines stay. */
export async function removeCeph(engine: Engine, site: Pick<Site, "name">): Promise<void> {
  const { dockerode } = engine.client.container;
  const servers = (await findRemains(engine, site)).containers.filter(isForCeph);
  await Promise.all(
    servers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)),
  );
  await removeVolumes(engine, site);
}

/** Whether a container is a server that is there for Ceph alone. */
export const isForCeph = ({ Labels }: Pick<ContainerInfo, "Labels">): boolean => Labels[label.ceph] !== undefined;

/** Of a site's volumes those with a name; the others go with their containers. */
async function removeVolumes({ client }: Engine, site: Pick<Site, "name">): Promise<void> {
  const { dockerode } = client.container;
  const { Volumes } = await dockerode.listVolumes({ filters: { label: [`${label.site}=${site.name}`] } });
  await Promise.all(Volumes.map(({ Name }) => dockerode.getVolume(Name).remove().catch(ignoreGone)));
}

/** The container of a node, or of a server. @throws Failure when the replica has no such node. */
export function containerOf({ containers }: Remains, site: Site, node: string): ContainerInfo {
  const nameOf = ({ Labels }: ContainerInfo): string | undefined => Labels[label.node] ?? Labels[label.ceph];
  const found = containers.find((container) => nameOf(container) === node);
  if (found) return found;
  const known = containers.flatMap((container) => nameOf(container) ?? []).sort();
  throw new Failure({
    what: `The replica of site '${site.name}' has no node '${node}'.`,
    seen: known.length > 0 ? `nodes: ${known.join(", ")}` : `no container on network ${networkName(site)}`,
    badInput: known.length > 0,
    remedy: known.length > 0 ? "Name one of these." : `Bring it up with \`./molly lab up\`.`,
  });
}

/** The engine answers 404 for what is gone already and 409 while another removal of it is under way. */
function ignoreGone(error: unknown): void {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
}
