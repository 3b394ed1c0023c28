import { addressRules } from "./addresses.ts";
import { apiRules } from "./api.ts";
import { capacityRules } from "./capacity.ts";
import { deliveryRules } from "./delivery.ts";
import { etcdRules } from "./etcd.ts";
import { heartbeatRules } from "./heartbeat.ts";
import { nameRules } from "./names.ts";
import { networkRules } from "./networks.ts";
import { placementRules } from "./placement.ts";
import { type Rule } from "./rule.ts";
import { storageRules } from "./storage.ts";
import { versionRules } from "./versions.ts";
import { vipFencingRules } from "./vip-fencing.ts";
import { vipRules } from "./vip.ts";

/** Everything that a site is checked against besides its shape, in the order in which problems are told. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...versionRules,
  ...networkRules,
  ...addressRules,
  ...apiRules,
  ...etcdRules,
  ...vipRules,
  ...vipFencingRules,
  ...heartbeatRules,
  ...placementRules,
  ...capacityRules,
  ...storageRules,
  ...deliveryRules,
];
