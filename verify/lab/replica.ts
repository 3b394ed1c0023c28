import { Failure, messageOf, type Site } from "@molly/site";
import type { ContainerInfo, Network, NetworkInspectInfo } from "dockerode";
import type { Engine } from "./engine.ts";
import { label, networkName } from "./names.ts";
import { waitFor } from "./wait.ts";

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

/**
 * Removes every container, anonymous volume and network of a site's replica, whatever state they are in. Idempotent.
 * @throws Failure when the engine can't be brought to let go of one.
 */
export async function removeReplica(engine: Engine, site: Pick<Site, "name">): Promise<number> {
  const { containers, networks } = await findRemains(engine, site);
  const { dockerode } = engine.client.container;
  await Promise.all(
    containers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)),
  );
  await waitFor(async () => noneLeft((await findRemains(engine, site)).containers), {
    ...{ what: `the containers of site '${site.name}' to be gone`, timeoutMs: 60_000 },
    remedy: "See `docker ps --all` and the engine's log; then repeat `./molly lab down`.",
  });
  await Promise.all([
    removeVolumes(engine, site),
    ...networks.map((name) => removeNetwork(dockerode.getNetwork(name))),
  ]);
  return containers.length;
}

/** The engine may keep an endpoint of a container that is gone, and with it the network: then it is taken off first. */
async function removeNetwork(network: Network): Promise<void> {
  const { Containers = {} } = await network.inspect().catch(absent);
  const left = Object.keys(Containers);
  await Promise.all(left.map((Container) => network.disconnect({ Container, Force: true }).catch(ignoreGone)));
  await network.remove().catch((error: unknown) => {
    if ((error as { statusCode?: number }).statusCode !== 403) return ignoreGone(error);
    throw new Failure({
      what: `The engine does not let go of the network ${network.id}.`,
      seen: messageOf(error),
      remedy: "It keeps an endpoint of a container that is gone: restart the engine, then repeat `./molly lab down`.",
      cause: error,
    });
  });
}

const noneLeft = (containers: readonly ContainerInfo[]): true | string =>
  containers.length === 0 || containers.flatMap(({ Names }) => Names).join(", ");

function absent(error: unknown): Partial<NetworkInspectInfo> {
  ignoreGone(error);
  return {};
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
