import { z } from "zod";

/**
 * IPv6 beside IPv4, inside the cluster: pods and Services get an address of each family. The machines' own IPv6 addresses
 * are not Molly's: their network must give them (router advertisements), since flannel's tunnels for IPv6 run between them.
 */
export const DualStack = z.strictObject({
  /** In CIDR notation; each node gets a /64 of it. */
  podNetwork: z.string(),
  serviceNetwork: z.string(),
});
