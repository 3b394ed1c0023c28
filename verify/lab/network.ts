import { networkInterfaces } from "node:os";
import { contains, Failure, messageOf, parseAddress, parseNetwork, type Site } from "@molly/site";
import type { Engine } from "./engine.ts";
import { label, networkName } from "./names.ts";

/**
 * Makes the replica's network: the site's own addresses, cut off from everything else. The engine's bridge takes the
 * gateway's address, so machines have the site's default route; what they send beyond the network is dropped there.
 * @throws Failure when the engine refuses it: another of its networks overlaps.
 */
export async function createNetwork(engine: Engine, site: Site): Promise<void> {
  try {
    await engine.client.container.dockerode.createNetwork({
      Name: networkName(site),
      CheckDuplicate: true,
      Driver: "bridge",
      Internal: true,
      Labels: { [label.site]: site.name },
      IPAM: { Driver: "default", Config: [{ Subnet: site.network.cidr, Gateway: site.network.gateway }] },
    });
  } catch (cause) {
    throw new Failure({
      what: `The engine refuses the network ${site.network.cidr} for the replica of site '${site.name}'.`,
      seen: messageOf(cause),
      remedy:
        "Remove the network that overlaps it (`docker network ls`, `docker network inspect`), or stop the other replica.",
      cause,
    });
  }
}

/** An address of this host inside the network: then the replica would take over the route to what is really there. */
export function hostAddressInside(cidr: string): { name: string; address: string } | undefined {
  const network = parseNetwork(cidr);
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    for (const { address: text } of addresses ?? []) {
      const address = parseAddress(text);
      if (network && address !== undefined && contains(network, address)) return { name, address: text };
    }
  return undefined;
}
