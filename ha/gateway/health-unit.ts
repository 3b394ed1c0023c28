/**
 * Where it is asked, on loopback. Not HAProxy's health port, though a gateway has no HAProxy: so that a question to the
 * wrong kind of machine gets no answer.
 */
export const gatewayHealthPort = 8406;

/** /etc/systemd/system/molly-gateway-health.service */
export const healthUnit = (): string => `[Unit]
Description=Molly: whether this machine could serve as a gateway
After=network-online.target dnsmasq.service nftables.service

[Service]
ExecStart=/usr/bin/python3 -I /usr/local/lib/molly/gateway-health.py ${gatewayHealthPort}
Restart=always
RestartSec=200ms
# To list the firewall's rules.
CapabilityBoundingSet=CAP_NET_ADMIN
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes

[Install]
WantedBy=multi-user.target
`;
