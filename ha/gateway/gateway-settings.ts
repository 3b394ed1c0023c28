import { controlPlanes, type GatewayMachine, type Site } from "@molly/site";
import { etcdPort } from "../lease/lease-settings.ts";
import { gatewayHealthPort } from "./health-unit.ts";

/**
 * /etc/molly/vip.json of a gateway. The same agent as the API's, with three things of its own: the key in etcd (it is named
 * for the VIP), etcd's members, all of them elsewhere, and whom it asks whether it could serve.
 */
export function gatewaySettings(site: Site, machine: GatewayMachine): string {
  const { machines } = site.gateway;
  const members = controlPlanes(site).map(({ address }) => `${address}:${etcdPort}`);
  // Each gateway begins with another member: when one is lost, not all gateways have to find the next.
  const turn = machines.indexOf(machine) % members.length;
  const settings = {
    node: machine.name,
    vip: site.network.gateway,
    interface: site.network.interface,
    etcd: [...members.slice(turn), ...members.slice(0, turn)],
    peers: machines.map(({ name }) => name),
    healthPort: gatewayHealthPort,
    times: site.vip.lease,
    preferred: machines[0]?.name ?? machine.name,
    // Each move ends the connections that are open.
    failback: false,
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
