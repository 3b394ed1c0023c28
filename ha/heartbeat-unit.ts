import type { Site } from "@molly/site";

/** A drop-in for Debian's heartbeat.service. */
export const heartbeatUnit = ({ api, network }: Site): string => `[Unit]
# ha.cf says use_logd.
Wants=logd.service
After=logd.service

[Service]
# Heartbeat locks itself into memory, so that a machine short of it does not seem dead. systemd's 8 MiB are too few.
LimitMEMLOCK=infinity
# Heartbeat that disputes a resource with a peer was seen never to end when told to. Debian's unit waits 30 minutes and
# never kills it, and meanwhile nobody holds the VIP.
TimeoutStopSec=15s
KillMode=mixed
SendSIGKILL=yes
# However it ended, an address without a daemon behind it must not stay.
ExecStopPost=-/bin/sh -c '! ip -o -4 address show dev ${network.interface} | grep -qF " ${api.vip}/" || ip address del ${api.vip}/${network.cidr.split("/")[1]} dev ${network.interface}'
`;
