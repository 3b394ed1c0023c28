import type { Site } from "@molly/site";
import { execute } from "../docker.ts";
import { connectEngine, type Engine } from "../engine.ts";
import type { CephImages } from "../images/index.ts";
import { containerName, label } from "../names.ts";
import { createNetwork } from "../network.ts";
import { inNode } from "../node.ts";
import { grantsPrivileged } from "../privileged.ts";
import { osdDisks } from "../proxmox/containers/stacks.ts";
import { findRemains, removeCeph } from "../replica.ts";
import { sideBySide } from "../side-by-side.ts";
import type { Step, StepRunner } from "../step.ts";
import { untilSystemdRuns } from "../systemd.ts";
import { CephServerContainer, scriptsFolder, sharedVolume } from "./server-container.ts";
import { type CephServer, cephServers, clientName } from "./servers.ts";

export interface CephUpProps {
  readonly site: Site;
  /** The folder `dist/<site>`. */
  readonly dist: string;
  readonly images: Pick<CephImages, "server">;
  readonly showSteps: StepRunner;
  readonly signal: AbortSignal;
}

interface Context extends CephUpProps {
  readonly engine: Engine;
  readonly privileged: boolean;
}

/**
 * Brings the site's Ceph up, beside its machines or alone: real daemons in a container a server, at the servers' own
 * addresses, made by the very script of dist that makes it on real ones. Done already where it answers.
 * @throws Failure when the site has no CephFS of its own, or a step fails.
 */
export async function upCeph(props: CephUpProps): Promise<"started" | "was up"> {
  const servers = cephServers(props.site);
  if (await answers(props.site)) {
    // A run that was killed may have left a daemon that it had killed: the target wants them all.
    for (const { name } of servers.all) await inNode(props, name, ["systemctl", "start", "multi-user.target"]);
    return "was up";
  }
  const engine = await connectEngine();
  const privileged = await grantsPrivileged(engine, props.site, props.images.server);
  try {
    await props.showSteps(steps(servers.all), { ...props, engine, privileged });
  } catch (error) {
    if (props.signal.aborted) await removeCeph(engine, props.site);
    throw error;
  }
  return "started";
}

/** Whether the last step was done, and what was made is still there. */
async function answers(site: Site): Promise<boolean> {
  const asked = ["ceph", "--connect-timeout", "3", "auth", "get", clientName];
  const { monitors } = cephServers(site);
  const found = await Promise.all(monitors.map(({ name }) => execute(containerName(site, name), asked)));
  return found.every(({ exitCode }) => exitCode === 0);
}

/** molly-ceph.sh's own steps in the order in which Terraform takes them. */
const steps = (servers: readonly CephServer[]): readonly Step<Context>[] => [
  {
    title: `Start ${servers.length} servers for Ceph`,
    run: async (context) => {
      const { engine, site, signal } = context;
      await removeCeph(engine, site);
      const { dockerode } = engine.client.container;
      if ((await findRemains(engine, site)).networks.length === 0) await createNetwork(engine, site);
      await dockerode.createVolume({ Name: sharedVolume(site), Labels: { [label.site]: site.name } });
      await sideBySide(signal, (together) =>
        servers.map((server) => startServer({ ...context, signal: together }, server)),
      );
    },
  },
  {
    title: "Ceph's monitors, managers and metadata servers, one server after another",
    run: async (context, say) => {
      for (const { name } of servers) {
        say(name);
        await script(context, name, "install", "init", "mon", "mgr", "mds");
      }
    },
  },
  {
    title: "Ceph's OSDs, one a server",
    run: async (context) => {
      await sideBySide(context.signal, (signal) =>
        servers.map(({ name }) => {
          const disks = osdDisks(context.site, name).slice(0, 1);
          return script({ ...context, signal }, name, ...disks.flatMap((disk) => ["--disk", disk]), "osd");
        }),
      );
    },
  },
  {
    title: "The file system, where Kubernetes' volumes will be, and the driver's key",
    run: async (context) => {
      const [first] = servers;
      if (first !== undefined) await script(context, first.name, "fs", "subvolumegroup", "client_key");
    },
  },
];

const script = (context: Context, server: string, ...words: readonly string[]): Promise<string> =>
  inNode(context, server, ["sh", `${scriptsFolder}/molly-ceph.sh`, ...words]);

/** As Proxmox's installer and the stack `servers` leave it: in the cluster, with an empty disk. */
async function startServer(context: Context, server: CephServer): Promise<void> {
  const { site, images, signal } = context;
  await new CephServerContainer({ ...context, server, image: images.server }).start();
  await untilSystemdRuns({ site, name: server.name, signal });
  const joined = "touch /var/lib/molly-replica/shared/corosync.conf && ln -sfn /var/lib/molly-replica/shared /etc/pve";
  await inNode(context, server.name, ["sh", "-c", joined]);
  await inNode(context, server.name, ["/opt/molly-replica/server/boot.sh", ...osdDisks(site, server.name).slice(0, 1)]);
}
