import { readdirSync, readFileSync } from "node:fs";
import type { Machine, RenderedFile, Site } from "@molly/site";
import { leaseSettings } from "./lease-settings.ts";
import { leaseUnit } from "./lease-unit.ts";

const sources = new URL("../molly-vip/", import.meta.url);
const source = (name: string): string => readFileSync(new URL(name, sources), "utf8");

/** Python runs a folder that has a `__main__.py`. Read once, with this module. */
const program: readonly RenderedFile[] = readdirSync(sources)
  .filter((name) => name.endsWith(".py"))
  .sort()
  .map((name) => ({ path: `/usr/local/lib/molly-vip/${name}`, text: source(name) }));

const command: RenderedFile = { path: "/usr/local/sbin/molly-vip", text: source("molly-vip.sh"), executable: true };

/** Where Heartbeat looks for what haresources names. */
const resource: RenderedFile = {
  path: "/etc/ha.d/resource.d/molly-vip-preferred",
  text: source("molly-vip-preferred.sh"),
  executable: true,
};

/** What the engine `lease` needs besides Heartbeat, on each control plane. */
export const leaseFiles = (site: Site, machine: Machine): RenderedFile[] => [
  resource,
  ...agentFiles(leaseSettings(site, machine)),
];

/** The agent itself, for whichever VIP its settings name. */
export const agentFiles = (settings: string): RenderedFile[] => [
  { path: "/etc/molly/vip.json", text: settings },
  { path: "/etc/systemd/system/molly-vip.service", text: leaseUnit() },
  ...program,
  command,
];
