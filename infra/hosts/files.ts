import { readFileSync } from "node:fs";
import type { RenderedFile, Site } from "@molly/site";

/** The scripts are the same for every site: what differs is in their environment. Read once, with this module. */
const source = (name: string): string => readFileSync(new URL(`./scripts/${name}`, import.meta.url), "utf8");

const scripts: readonly RenderedFile[] = [
  ...["await-ready.sh", "enter.sh", "leave.sh", "pod-network.sh", "roll-out.sh"].map((name) => ({
    path: name,
    text: source(name),
    executable: true,
  })),
  { path: "functions.sh", text: source("functions.sh") },
];

/** What the stack `hosts` runs, with paths relative to its folder. */
export const hostsStackFiles = (site: Site): RenderedFile[] => [
  ...scripts,
  { path: "ssh_config", text: sshConfig(site) },
];

/**
 * How the stack logs in. The key comes from the user's agent or default files; the user is the one whom cloud-init makes.
 * A machine that was just made is not known to anybody: its key is remembered at the first contact, and any other refused.
 */
function sshConfig(site: Site): string {
  const addresses = site.machines.map(({ address }) => address);
  return `# For another user, key or jump host: a file of your own, as Terraform's variable 'ssh_config'.
Host ${addresses.join(" ")}
  User debian
  StrictHostKeyChecking accept-new
`;
}
