/** A drop-in for Debian's haproxy.service. */
export const haproxyUnit = (): string => `[Unit]
# The holder of the VIP without HAProxy is an outage: never give up restarting it.
StartLimitIntervalSec=0

[Service]
# journald would drop lines above 10000 in 30 s, which a reconnecting cluster can reach; the log has to be complete.
LogRateLimitIntervalSec=0
`;
