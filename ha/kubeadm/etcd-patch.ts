import type { Machine } from "@molly/site";

/** Where kubeadm finds what to change in its own manifests. */
export const patchesFolder = "/etc/molly/patches";

/** etcd's part of a control plane's processors when others want them too. */
const share = 1 / 4;

/**
 * /etc/molly/patches/etcd+strategic.json. kubeadm gives etcd a request of 100m, less than any other part of the control
 * plane: when a partition makes every client reconnect at once, etcd starves first, and the VIP's lease with it. Measured
 * on machines that shared two processors: renewals were overdue for seconds.
 */
export const etcdPatch = ({ cores }: Machine): string =>
  `${JSON.stringify(
    {
      spec: {
        containers: [{ name: "etcd", resources: { requests: { cpu: `${Math.round(cores * share * 1000)}m` } } }],
      },
    },
    undefined,
    2,
  )}\n`;
