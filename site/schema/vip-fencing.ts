import { z } from "zod";

/**
 * The engine `lease` has Proxmox VE stop a holder's machine before another takes over a term that was not given back. It is
 * for hypervisors that pause their guests: a guest's clock may stand still meanwhile, and with it what ends its term.
 */
export const VipFencing = z.strictObject({
  /** `host:port` of servers whose API may be asked, usually port 8006. Any one is enough, and any one may be lost. */
  endpoints: z.array(z.string()).min(1),
  /** Path on each control plane of a file with `user@realm!name=secret`, which is never rendered. */
  tokenFile: z.string().default("/etc/molly/proxmox-token"),
  /** Path on each control plane of the CA that signed the servers' certificates. Default: those that the machine trusts. */
  caFile: z.string().optional(),
  /** SHA-256 of the servers' certificates, in hexadecimal, colons or not: instead of a CA. */
  fingerprints: z.array(z.string()).default([]),
  /** Whether nobody holds the VIP until Proxmox has confirmed the stop, however long that takes. */
  required: z.boolean().default(true),
  /** Where it is not required: after so many milliseconds the VIP is taken over unconfirmed. */
  timeoutMs: z.number().int().positive().default(15_000),
});
