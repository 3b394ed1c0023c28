import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseNetwork } from "@molly/site";
import { connectEngine } from "../../engine.ts";
import { containerName } from "../../names.ts";
import { attempt } from "../../process.ts";
import { keepStates } from "../qemu/ha-manager.ts";
import { type ApiServer, serve } from "../server.ts";
import { root } from "../store/access.ts";
import { Cluster } from "../store/cluster.ts";
import { containerCeph } from "./ceph.ts";
import { image, imagePath } from "./cloud-image.ts";
import { containerFiles } from "./files.ts";
import { containerHypervisor } from "./hypervisor.ts";
import { RunFolder } from "./run-folder.ts";

/**
 * The process behind the API of all servers of a replica: `node daemon.ts FOLDER`. It runs on the host, because it starts
 * machines; each server's port 8006 leads to a socket of its own here. It ends when the first server's container does.
 */
const folder = new RunFolder(process.argv[2] ?? "");
const settings = await folder.readSettings();
const { site, certificate, bootstrapSecret } = settings;
const engine = await connectEngine();
const { prefix = 24 } = parseNetwork(site.network.cidr) ?? {};
const tell = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

const cluster = new Cluster({
  servers: Object.fromEntries(site.servers.map(({ name, address }) => [name, address])),
  network: { prefix, gateway: site.network.gateway, bridge: site.network.bridge },
  storages: [],
  machinery: {
    hypervisor: containerHypervisor(engine, folder, settings),
    ceph: containerCeph(site),
    files: containerFiles(site),
  },
});
// What a person makes by hand for the first apply: `pveum user token add root@pam bootstrap --privsep 0`.
cluster.access.users.get(root)?.tokens.set("bootstrap", { secret: bootstrapSecret, privsep: false, expire: 0 });

await mkdir(folder.sockets, { recursive: true });
const files = new Map([[imagePath, image]]);
const ended = new AbortController();
const servers: ApiServer[] = [];
for (const { name } of site.servers) {
  const socket = (use: string) => ({ path: join(folder.sockets, `${name}.${use}`) });
  await rm(socket("api").path, { force: true });
  await rm(socket("root").path, { force: true });
  const onAsked = ({
    method,
    path,
    status,
    message,
  }: {
    method: string;
    path: string;
    status: number;
    message: string;
  }) => tell(`${name} ${method} ${path} ${status}${status === 200 ? "" : ` ${message}`}`);
  servers.push(await serve({ cluster, certificate, files, onAsked, listen: socket("api") }));
  servers.push(await serve({ cluster, certificate, onAsked, as: root, listen: socket("root") }));
}
void keepStates(cluster, ended.signal, tell);
tell("ready");
await attempt("docker", ["wait", containerName(site, site.servers[0]?.name ?? "")]);
tell("the first server is gone");
ended.abort();
for (const server of servers) await server[Symbol.asyncDispose]();
await rm(folder.path, { recursive: true, force: true });
