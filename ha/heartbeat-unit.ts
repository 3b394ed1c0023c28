import type { Site } from "@molly/site";
import { dropVipAfterwards } from "./vip-address.ts";

/** A drop-in for Debian's heartbeat.service. */
export const heartbeatUnit = (site: Site): string => `[Unit]
# ha.cf says use_logd.
Wants=logd.service
After=logd.service

[Service]
# Heartbeat locks itself into memory, so that a machine short of it does not seem dead. systemd's 8 MiB are too few.
LimitMEMLOCK=infinity
# Heartbeat that disputes a resource with a peer was seen never to end when told to. Debian's unit waits 30 minutes and
# never kills it.
TimeoutStopSec=15s
KillMode=mixed
SendSIGKILL=yes
${site.vip.engine === "heartbeat-classic" ? holdsVip(site) : ""}`;

const holdsVip = (site: Site): string => `# However it ended, an address without a daemon behind it must not stay.
${dropVipAfterwards(site)}
`;
