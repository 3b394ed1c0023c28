/** A drop-in for Debian's heartbeat.service. */
export const heartbeatUnit = (): string => `[Unit]
# ha.cf says use_logd.
Wants=logd.service
After=logd.service

[Service]
# Heartbeat locks itself into memory, so that a machine short of it does not seem dead. systemd's 8 MiB are too few.
LimitMEMLOCK=infinity
`;
