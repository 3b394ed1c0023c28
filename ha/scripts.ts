import { readFileSync } from "node:fs";
import { firstControlPlane, type Machine, type RenderedFile, type Site } from "@molly/site";

/** The scripts are the same on every machine: what differs is in /etc/molly/node.env. Read once, with this module. */
const source = (name: string): string => readFileSync(new URL(`./scripts/${name}`, import.meta.url), "utf8");
const script = (name: string): RenderedFile => ({
  path: `/usr/local/sbin/${name}`,
  text: source(`${name}.sh`),
  executable: true,
});

const functions: RenderedFile = { path: "/usr/local/lib/molly/functions.sh", text: source("functions.sh") };
const install = script("molly-install");
const init = script("molly-init");
const join = script("molly-join");
const invite = script("molly-invite");
const adminConf = script("molly-admin-conf");
const remove = script("molly-remove");

/** The scripts that have a use on this machine, as files with absolute paths. */
export function scripts(site: Site, machine: Machine): RenderedFile[] {
  // Lost and made anew, the machine that started the cluster joins it as any other does.
  const enter = machine.name === firstControlPlane(site).name ? [init, join] : [join];
  const controlPlaneOnly = machine.role === "control-plane" ? [invite, adminConf, remove] : [];
  return [functions, install, ...enter, ...controlPlaneOnly];
}
