/** /etc/logd.cf: where the log daemon of Heartbeat writes to. */
export const heartbeatLogConfig = (): string => `# Seed: 'logfacility local0' in ha.cf. To /var/log/syslog.
logfacility local0
`;
