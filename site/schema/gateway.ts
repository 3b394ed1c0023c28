import { z } from "zod";

const address = z.string();
const gib = z.number().int().positive();

/** A small virtual machine between the machines' network and the one that leads outside. */
const GatewayMachine = z.strictObject({
  name: z.string(),
  /** In the machines' network. */
  address,
  /** In the network outside. */
  outsideAddress: address,
  cores: z.number().int().positive().default(1),
  memoryGiB: gib.default(1),
  diskGiB: gib.default(8),
  vmId: z.number().int().min(100).max(999_999_999),
  /** The server it is placed on; the two must be on different ones. */
  server: z.string(),
});

/** The network through which the Internet is reached. */
const Outside = z.strictObject({
  cidr: z.string(),
  /** The next router there. */
  gateway: address,
  /** Proxmox VE's bridge that leads there. */
  bridge: z.string().default("vmbr1"),
  /** Name of the second network card of a virtual machine of type i440fx. */
  interface: z.string().default("ens19"),
});

/**
 * Two machines of one's own that are the machines' default gateway: NAT, and answers to DNS questions. `network.gateway`
 * is their VIP, held by the engine `lease`. Off where a firewall is there already, as in the seed.
 */
export const Gateway = z.strictObject({
  enabled: z.boolean().default(false),
  outside: Outside.optional(),
  /** Name servers outside that are asked for what the gateways do not know. */
  forwarders: z.array(address).default([]),
  machines: z.array(GatewayMachine).default([]),
});

export type GatewayMachine = z.output<typeof GatewayMachine>;
