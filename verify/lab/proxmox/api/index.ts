import { accessRoutes } from "./access.ts";
import { aclRoutes } from "./acl.ts";
import { cephRoutes } from "./ceph.ts";
import { clusterRoutes } from "./cluster.ts";
import { haRoutes } from "./ha.ts";
import { networkRoutes, nodeRoutes } from "./node.ts";
import { configRoutes } from "./qemu-config.ts";
import { powerRoutes } from "./qemu-power.ts";
import { qemuRoutes } from "./qemu.ts";
import type { Route } from "./route.ts";
import { storageRoutes } from "./storage.ts";
import { taskRoutes } from "./tasks.ts";

/** All that the replica knows of Proxmox VE's API, family by family. */
export const routes: readonly Route[] = [
  ...clusterRoutes,
  ...taskRoutes,
  ...accessRoutes,
  ...aclRoutes,
  ...storageRoutes,
  ...qemuRoutes,
  ...configRoutes,
  ...powerRoutes,
  ...haRoutes,
  ...cephRoutes,
  ...nodeRoutes,
  ...networkRoutes,
];
