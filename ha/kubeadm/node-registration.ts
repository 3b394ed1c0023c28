import type { Machine, Site } from "@molly/site";
import { patchesFolder } from "./etcd-patch.ts";

/** Where a machine's bundle is unpacked for the time of joining: in memory, gone with a reboot. */
export const discoveryFile = "/run/molly/discovery.conf";

/** Alike for starting and joining. */
export const nodeRegistration = ({ name, address }: Machine): string => `nodeRegistration:
  name: ${name}
  criSocket: unix:///run/containerd/containerd.sock
  kubeletExtraArgs:
    # On the holder the VIP is a second address of the interface: the kubelet must not pick it.
    - name: node-ip
      value: ${address}
`;

/** A control plane's own API server. Seed: one address for all, so that each would advertise the first. */
export const localApiEndpoint = (site: Site, { address }: Machine): string => `localAPIEndpoint:
  advertiseAddress: ${address}
  bindPort: ${site.api.backendPort}
`;

/** kubeadm's own manifests, changed a little; for a control plane. */
export const patches = (): string => `patches:
  directory: ${patchesFolder}
`;
