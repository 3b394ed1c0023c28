import { readFileSync } from "node:fs";
import type { GatewayMachine, RenderedFile, Site } from "@molly/site";
import { hostsFile } from "../hosts-file.ts";
import { agentFiles } from "../lease/lease-files.ts";
import { gatewayScripts } from "../scripts.ts";
import { dnsmasq } from "./dnsmasq.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { healthUnit } from "./health-unit.ts";
import { nftables } from "./nftables.ts";
import { outsideOf } from "./outside.ts";

/** Read once, with this module. */
const health = readFileSync(new URL("./gateway-health.py", import.meta.url), "utf8");

/** Every file that Molly lays down on a gateway, with absolute paths. */
export function gatewayFiles(site: Site, machine: GatewayMachine): RenderedFile[] {
  const outside = outsideOf(site);
  return [
    { path: "/etc/dnsmasq.d/molly.conf", text: dnsmasq(site, outside) },
    { path: "/etc/hosts", text: hostsFile(site) },
    { path: "/etc/molly/node.env", text: environment(site, machine) },
    { path: "/etc/nftables.conf", text: nftables(site, outside) },
    { path: "/etc/sysctl.d/90-molly.conf", text: sysctls },
    { path: "/etc/systemd/system/molly-gateway-health.service", text: healthUnit() },
    { path: "/usr/local/lib/molly/gateway-health.py", text: health },
    ...agentFiles(gatewaySettings(site, machine)),
    ...gatewayScripts(),
  ];
}

/** What the scripts on a gateway know of it. */
const environment = (site: Site, { name }: GatewayMachine): string => `# Sourced by Molly's scripts.
MOLLY_SITE=${site.name}
MOLLY_NODE=${name}
MOLLY_ROLE=gateway
`;

const sysctls = `# A gateway forwards.
net.ipv4.ip_forward = 1
# Nothing outside may tell it of another way, and it tells nobody.
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.all.send_redirects = 0
`;
