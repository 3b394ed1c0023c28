import type { Server } from "@molly/site";
import type { Engine } from "../../engine.ts";
import { sideBySide } from "../../side-by-side.ts";
import { inNode } from "../../node.ts";
import { startDetached } from "../../process.ts";
import { untilSystemdRuns } from "../../systemd.ts";
import { waitFor } from "../../wait.ts";
import type { RunFolder, Settings } from "./run-folder.ts";
import { ServerContainer } from "./server-container.ts";
import { osdDisks } from "./stacks.ts";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const daemon = fileURLToPath(new URL("daemon.ts", import.meta.url));

export interface ServersProps {
  readonly engine: Engine;
  readonly folder: RunFolder;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

/** Five servers as Proxmox's installer leaves them: alone each, reachable as root by `publicKey`, with empty disks. */
export async function startServers(props: ServersProps, publicKey: string): Promise<void> {
  const { site } = props.settings;
  await sideBySide(props.signal, (signal) =>
    site.servers.map((server) => startServer({ ...props, signal }, server, publicKey)),
  );
}

async function startServer(props: ServersProps, server: Server, publicKey: string): Promise<void> {
  const { engine, folder, settings, signal } = props;
  const { site, images, privileged, inputs } = settings;
  await new ServerContainer({ engine, site, server, image: images.server, privileged, inputs, folder }).start();
  await untilSystemdRuns({ site, name: server.name, signal });
  const keys = "install -d -m 700 /root/.ssh && cat >/root/.ssh/authorized_keys";
  await inNode({ site, signal }, server.name, ["sh", "-c", keys], { input: `${publicKey}\n` });
  const boot = ["/opt/molly-replica/server/boot.sh", ...osdDisks(site, server.name)];
  await inNode({ site, signal }, server.name, boot);
}

/**
 * Starts the process behind the API, which goes on when this one ends, and waits until it serves. It watches the first
 * server's container, so the servers are there before it.
 */
export async function startApi({ folder, settings, signal }: Omit<ServersProps, "engine">): Promise<void> {
  await folder.writeSettings(settings);
  startDetached(process.execPath, [daemon, folder.path], folder.log);
  await waitFor(
    async () => {
      const log = await readFile(folder.log, "utf8").catch(() => "");
      return log.includes(" ready\n") || log || "nothing was logged yet";
    },
    { what: "the replica's Proxmox VE API to serve", timeoutMs: 30_000, signal, remedy: `See ${folder.log}.` },
  );
}
