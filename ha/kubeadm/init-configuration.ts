import type { Machine, Site } from "@molly/site";
import { localApiEndpoint, nodeRegistration, patches } from "./node-registration.ts";

/** How the first control plane starts the cluster. */
export const initConfiguration = (site: Site, machine: Machine): string => `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
# Seed: advertise-address among the cluster's arguments, so that every API server would advertise ${machine.address}.
# Corrected: each machine names its own.
${localApiEndpoint(site, machine)}${nodeRegistration(machine)}${patches()}# Seed: --experimental-upload-certs, whose key expires after 2 hours. Corrected: molly-invite makes a bundle for each join,
# so kubeadm's own token is never used and ends at once.
bootstrapTokens:
  - description: unused, see molly-invite
    ttl: 1m0s
`;
