/** /etc/systemd/system/molly-vip.service */
export const leaseUnit = (): string => `[Unit]
Description=Molly: keeps the virtual IP on at most one machine
Wants=network-online.target
# So that a machine that shuts down hands the VIP over while it can still serve.
After=network-online.target haproxy.service containerd.service kubelet.service
# Never give up restarting it.
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStartPre=/usr/local/sbin/molly-vip prepare
ExecStart=/usr/local/sbin/molly-vip run
# Whatever ended the agent, its address is gone with it: others need not wait for the lease to run out.
ExecStopPost=/usr/local/sbin/molly-vip cleanup
Restart=always
RestartSec=200ms

# A holder that is frozen is killed by its own timer, well before the lease ends. This is for one that waits for its turn.
WatchdogSec=5s
WatchdogSignal=SIGKILL
# The hand-over takes a tenth of a second, or 0.4 s when nobody is ready.
TimeoutStopSec=3s
SendSIGKILL=yes

# Never waits for a page, nor long for a processor: it makes itself real-time where the kernel allows that.
LimitMEMLOCK=infinity
LimitRTPRIO=1
OOMScoreAdjust=-1000
Nice=-15

# Heartbeat's wish lies there; it must outlive a restart.
RuntimeDirectory=molly-vip
RuntimeDirectoryPreserve=yes
StateDirectory=molly-vip
StateDirectoryMode=0700
CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_IPC_LOCK CAP_SYS_NICE
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
`;
