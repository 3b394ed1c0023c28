import { readFileSync } from "node:fs";
import { firstControlPlane, type Machine, type RenderedFile, type Site } from "@molly/site";

/** The scripts are the same on every machine: what differs is in /etc/molly/node.env. Read once, with this module. */
const source = (name: string): string => readFileSync(new URL(`./scripts/${name}`, import.meta.url), "utf8");
const script = (name: string): RenderedFile => ({
  path: `/usr/local/sbin/${name}`,
  text: source(`${name}.sh`),
  executable: true,
});

const library = (name: string): RenderedFile => ({
  path: `/usr/local/lib/molly/${name}.sh`,
  text: source(`${name}.sh`),
});

const functions = library("functions");
const services = library("services");
const install = script("molly-install");
const init = script("molly-init");
const join = script("molly-join");
const invite = script("molly-invite");
const adminConf = script("molly-admin-conf");
const remove = script("molly-remove");
const admitGateway = script("molly-admit-gateway");
const gatewayInstall = script("molly-gateway-install");
const gatewayCertificate = script("molly-gateway-certificate");

/** The scripts that have a use on this machine, as files with absolute paths. */
export function scripts(site: Site, machine: Machine): RenderedFile[] {
  // Lost and made anew, the machine that started the cluster joins it as any other does.
  const enter = machine.name === firstControlPlane(site).name ? [init, join] : [join];
  const controlPlaneOnly = machine.role === "control-plane" ? [invite, adminConf, remove] : [];
  const gateways = site.gateway.enabled && machine.role === "control-plane" ? [admitGateway] : [];
  return [functions, services, install, ...enter, ...controlPlaneOnly, ...gateways];
}

/** Those of a gateway. */
export const gatewayScripts = (): RenderedFile[] => [functions, services, gatewayInstall, gatewayCertificate];
