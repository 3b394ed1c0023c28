import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RenderedFile, Site } from "@molly/site";
import { answerFile } from "./answer-file.ts";
import { aptSources } from "./apt-sources.ts";
import { byName } from "./by-name.ts";
import { parameters } from "./parameters.ts";

/** The scripts are the same for every site: what differs is in parameters.env. Read once, with this module. */
const script = (name: string): RenderedFile => {
  const text = readFileSync(new URL(`../scripts/proxmox/${name}`, import.meta.url), "utf8");
  return { path: name, text, executable: text.startsWith("#!") };
};

const functions = script("functions.sh");
const serversScript = script("molly-servers.sh");
const cephScripts = [script("molly-ceph.sh"), script("disks.sh")];
const onServer = script("on-server.sh");
const buildIsos = script("build-isos.sh");

/** What the stack `servers` has beside its JSON, with paths relative to its folder. */
export const serversStackFiles = (site: Site): RenderedFile[] => [
  ...onServers(site, "servers", serversScripts(site)),
  buildIsos,
  ...byName(site.servers).map((server) => ({ path: `answers/${server.name}.toml`, text: answerFile(site, server) })),
];

/** What the stack `ceph` has beside its JSON. */
export const cephStackFiles = (site: Site): RenderedFile[] => onServers(site, "ceph", cephScripts);

/** Changes with what `molly-servers.sh` would do on a server. */
export const serversScriptsHash = (site: Site): string => hash([functions, ...serversScripts(site)]);

/** Changes with what `molly-ceph.sh` would do on a server, but for its parameters and arguments. */
export const cephScriptsHash: string = hash([functions, ...cephScripts]);

const serversScripts = (site: Site): RenderedFile[] => [
  serversScript,
  ...aptSources(site).map((file) => ({ ...file, path: `sources/${file.path}` })),
];

/** `scripts/` goes to the servers as it is; the rest stays here. */
const onServers = (site: Site, stack: "servers" | "ceph", scripts: readonly RenderedFile[]): RenderedFile[] => [
  onServer,
  { path: "ssh_config", text: sshConfig(site) },
  ...[functions, { path: "parameters.env", text: parameters(site, stack) }, ...scripts].map((file) => ({
    ...file,
    path: `scripts/${file.path}`,
  })),
];

/**
 * How the stack logs in. The key comes from the user's agent or default files. A server that was just installed is not known
 * to anybody: its key is remembered at the first contact, and any other refused from then on.
 */
const sshConfig = ({
  servers,
  proxmox,
}: Site): string => `# For another user, key or jump host: a file of your own, as Terraform's variable 'ssh_config'.
Host ${servers
  .map(({ address }) => address)
  .sort()
  .join(" ")}
  User ${proxmox.sshUser}
  StrictHostKeyChecking accept-new
`;

function hash(files: readonly RenderedFile[]): string {
  const sum = createHash("sha256");
  for (const { path, text } of files) sum.update(`${path}\0${text}\0`);
  return sum.digest("hex");
}
