import type { Site } from "@molly/site";
import { dropVipAfterwards } from "./vip-address.ts";

/** A drop-in for Debian's heartbeat.service. */
export const heartbeatUnit = (site: Site): string => `[Unit]
# ha.cf says use_logd.
Wants=logd.service
After=logd.service
StartLimitIntervalSec=0

[Service]
# Heartbeat locks itself into memory, so that a machine short of it does not seem dead. systemd's 8 MiB are too few.
LimitMEMLOCK=infinity
# Heartbeat that disputes a resource with a peer was seen never to end when told to. Debian's unit waits 30 minutes and
# never kills it.
TimeoutStopSec=15s
KillMode=mixed
SendSIGKILL=yes
# After a partition Heartbeat starts itself anew, as a daemon that systemd does not know, and ends with success: Debian's
# unit then counts as stopped and ends the daemon as well. Seen with three machines.
Restart=always
RestartSec=2s
${site.vip.engine === "heartbeat-classic" ? holdsVip(site) : ""}`;

const holdsVip = (site: Site): string => `# However it ended, an address without a daemon behind it must not stay.
${dropVipAfterwards(site)}
`;
