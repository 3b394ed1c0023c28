import { readFileSync } from "node:fs";
import type { RenderedFile, Site } from "@molly/site";

/** The scripts are the same for every site: what differs is in their environment. Read once, with this module. */
const source = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const script = (name: string): RenderedFile => ({ path: name, text: source(`scripts/${name}`), executable: true });
const functions: RenderedFile = { path: "functions.sh", text: source("scripts/functions.sh") };
const certificate = script("gateway-certificate.sh");
const setUp: RenderedFile = { path: "set-up.sh", text: source("../gateway/scripts/set-up.sh"), executable: true };

const scripts: readonly RenderedFile[] = [
  ...["await-ready.sh", "enter.sh", "leave.sh", "pod-network.sh", "roll-out.sh"].map(script),
  functions,
];

/** What the stack `hosts` runs, with paths relative to its folder. */
export const hostsStackFiles = (site: Site): RenderedFile[] => [
  ...scripts,
  ...(site.gateway.enabled ? [certificate] : []),
  { path: "ssh_config", text: `${sshConfig(site)}\n${servers(site)}` },
];

/** What the stack `gateway` runs. */
export const gatewayStackFiles = (site: Site): RenderedFile[] => [
  setUp,
  functions,
  { path: "ssh_config", text: sshConfig(site) },
];

/**
 * How the stacks log in. The key comes from the user's agent or default files; the user is the one whom cloud-init makes.
 * A machine that was just made is not known to anybody: its key is remembered at the first contact, and any other refused.
 */
function sshConfig(site: Site): string {
  const gateways = site.gateway.enabled ? site.gateway.machines : [];
  return `# For another user, key or jump host: a file of your own, as Terraform's variable 'ssh_config'.
${host([...site.machines, ...gateways], "debian")}`;
}

const host = (ones: readonly { readonly address: string }[], user: string): string => `Host ${ones
  .map(({ address }) => address)
  .join(" ")}
  User ${user}
  StrictHostKeyChecking accept-new
`;

/** The way to a server, for whoever takes this file to look at the site. */
const servers = (site: Site): string =>
  `# Asked by \`./molly verify --target live\`: how Ceph is.\n${host(site.servers, site.proxmox.sshUser)}`;
