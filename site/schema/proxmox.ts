import { z } from "zod";

/** How every server runs Proxmox VE. */
export const Proxmox = z.strictObject({
  /** Where packages of Proxmox VE and Ceph come from: `enterprise` needs a subscription for each server. */
  repository: z.enum(["no-subscription", "enterprise"]).default("no-subscription"),
  /** Who logs in over SSH: root, or a user who may use sudo without a password. */
  sshUser: z.string().default("root"),
  /** Domain of the servers' names. ICANN keeps `internal` for private use. */
  domain: z.string().default("internal"),
  /** As in `/usr/share/zoneinfo`. */
  timeZone: z.string().default("UTC"),
  /** Two letters (ISO 3166-1), in lower case. */
  country: z.string().default("us"),
  /** A layout of the installer, such as `de-ch`. */
  keyboard: z.string().default("en-us"),
});
