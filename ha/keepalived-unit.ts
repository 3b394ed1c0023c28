import type { Site } from "@molly/site";
import { dropVipAfterwards } from "./vip-address.ts";

/** A drop-in for Debian's keepalived.service. */
export const keepalivedUnit = (site: Site): string => `[Unit]
# A control plane without keepalived can't take the VIP over: never give up restarting it.
StartLimitIntervalSec=0

[Service]
# Debian's unit leaves a daemon that died where it is.
Restart=always
RestartSec=1s
# A daemon that was killed leaves its address behind, beside the one of the next holder (machine-config-operator#2511).
${dropVipAfterwards(site)}
`;
