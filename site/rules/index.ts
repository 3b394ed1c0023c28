import { addressRules } from "./addresses.ts";
import { apiRules } from "./api.ts";
import { capacityRules } from "./capacity.ts";
import { deliveryRules } from "./delivery.ts";
import { dualStackRules } from "./dual-stack.ts";
import { etcdRules } from "./etcd.ts";
import { gatewayRules } from "./gateway.ts";
import { heartbeatRules } from "./heartbeat.ts";
import { liveRules } from "./live.ts";
import { nameRules } from "./names.ts";
import { networkRules } from "./networks.ts";
import { pinRules } from "./pins.ts";
import { placementRules } from "./placement.ts";
import { type Rule } from "./rule.ts";
import { serverRules } from "./servers.ts";
import { sharedStorageRules } from "./shared-storage.ts";
import { stateRules } from "./state.ts";
import { storageRules } from "./storage.ts";
import { versionRules } from "./versions.ts";
import { vipFencingRules } from "./vip-fencing.ts";
import { vipRules } from "./vip.ts";

/** Everything that a site is checked against besides its shape, in the order in which problems are told. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...versionRules,
  ...pinRules,
  ...networkRules,
  ...dualStackRules,
  ...addressRules,
  ...apiRules,
  ...etcdRules,
  ...vipRules,
  ...vipFencingRules,
  ...heartbeatRules,
  ...placementRules,
  ...gatewayRules,
  ...capacityRules,
  ...serverRules,
  ...storageRules,
  ...stateRules,
  ...sharedStorageRules,
  ...deliveryRules,
  ...liveRules,
];
