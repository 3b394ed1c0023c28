import {
  apiEndpoint,
  controlPlanes,
  haproxyHealthPort,
  haproxyMetricsPort,
  type Machine,
  type Site,
} from "@molly/site";

/**
 * How often each API server is asked for its readiness, how soon after a first surprise it is asked again, and how many
 * answers in a row change its state. The API server's `shutdown-delay-duration` must be longer than
 * `intervalMs + fastIntervalMs`: it has to answer until every HAProxy has noticed.
 */
export const readinessCheck = { intervalMs: 1000, fastIntervalMs: 500, fall: 2, rise: 2 };

/** /etc/haproxy/haproxy.cfg of one control plane. */
export const haproxyConfig = (site: Site, machine: Machine): string =>
  [global(), defaults(), frontend(site, machine), backend(site), health(), stats()].join("\n");

const global = (): string => `# HAProxy: spreads the connections to the Kubernetes API over all control planes.
# Seed: appended to Debian's file. Corrected: the whole file, since Debian's defaults are meant for web sites.

global
    # Through journald and rsyslog to /var/log/haproxy.log. Only the holder of the VIP gets connections from clients, so
    # their log is on one machine, in the order in which the connections ended.
    log /dev/log local0
    chroot /var/lib/haproxy
    user haproxy
    group haproxy
    stats socket /run/haproxy/admin.sock mode 660 level admin
    # Each connection takes about 33 KiB while data flows: 130 MiB at most.
    maxconn 4000
    # A reload leaves the old process to its open connections. Watches may never end, so it is ended.
    hard-stop-after 1h
`;

const defaults = (): string => `defaults
    mode tcp
    log global
    # A bare TCP probe is not worth a line.
    option dontlognull
    # A network card answers within a millisecond. Instead of waiting for a lost packet to be sent again, try the next one.
    timeout connect 250ms
    # Only until the connection stands in both directions; from then on 'timeout tunnel' counts.
    timeout client 30s
    timeout server 30s
    # Watches, 'logs -f' and 'exec' may be silent for hours. Debian's 50 s would cut them.
    timeout tunnel 24h
    timeout client-fin 30s
    timeout server-fin 30s
    # A refused connection goes to another API server at once, unseen by the client.
    retries 3
    option redispatch 1
    # A machine that died without a word closes no connection. The kernel finds out: watches through it are cut after
    # 6 s and reconnect. Cutting them when a *check* fails (on-marked-down shutdown-sessions) was decided against: during
    # an etcd election no API server is ready for a moment, and every watch and exec session would be lost for nothing.
    option srvtcpka
    srvtcpka-idle 3s
    srvtcpka-intvl 1s
    srvtcpka-cnt 3
    # Clients that vanished hold their connection no longer than a minute.
    option clitcpka
    clitcpka-idle 30s
    clitcpka-intvl 10s
    clitcpka-cnt 3
`;

const frontend = (site: Site, machine: Machine): string => `frontend kubernetes-api
    # On every control plane at once, thanks to net.ipv4.ip_nonlocal_bind: a new holder listens already.
    bind ${apiEndpoint(site)}
    # Seed: the VIP only. Added: this HAProxy can be used and probed without the VIP. It exposes nothing new, the same API
    # is on port ${site.api.backendPort} of this address.
    bind ${machine.address}:${site.api.port}
    option tcplog
    default_backend kubernetes-api
`;

const checkTimes = `inter ${readinessCheck.intervalMs}ms fastinter ${readinessCheck.fastIntervalMs}ms fall ${readinessCheck.fall} rise ${readinessCheck.rise}`;

const backend = (site: Site): string => `backend kubernetes-api
    # Seed: roundrobin. Corrected: watches live for hours, so after a restart equal shares of *new* connections would
    # leave the restarted API server nearly idle.
    balance leastconn
    # Seed: 'option tcp-check', an open port. Corrected: ready is who says so; /readyz fails at once when an API server
    # begins to stop, and while it has no etcd. ('option tcplog' is ignored in a backend, and dropped.)
    option httpchk GET /readyz
    http-check expect status 200
    # A busy API server may take its time to answer, a dead one does not accept the connection.
    timeout check 2s
    # Seed: inter 10s, fall 3. Corrected: unready is noticed within ${(readinessCheck.intervalMs + readinessCheck.fastIntervalMs) / 1000} s. Not faster: a check's TLS handshake may take
    # no longer than 'inter', and a busy machine must not count as a dead one, least of all on all HAProxies at once.
    # Seed: slowstart 60s maxconn 250 maxqueue 256. Dropped: a slow start lets through few connections for a minute just when
    # all clients come back, and watches would fill 250 places for good. The API server guards itself (API Priority and
    # Fairness).
    # observe: two connections in a row that did not come about are as good as a failed check. Until a silent machine has failed
    # its checks, which takes 4 s, every third client would otherwise wait for it first.
    # verify none: this file is in force before the cluster's CA exists. It concerns the check alone; connections are
    # passed through, and each client verifies the API server itself.
    default-server check check-ssl verify none ${checkTimes} tcp-ut 6s observe layer4 error-limit 2 on-error mark-down
${controlPlanes(site)
  .map(({ name, address }) => `    server ${name} ${address}:${site.api.backendPort}`)
  .join("\n")}
`;

const health =
  (): string => `# For this machine alone, which must not hold the VIP without a healthy API server behind it. HAProxy judges the API servers
# and tells here whether it has one. To ask the API itself through the balancer, as kubeadm's guide does, would move the VIP
# when the API is merely busy, and add to its load (machine-config-operator#3339).
frontend health
    mode http
    bind 127.0.0.1:${haproxyHealthPort}
    no log
    monitor-uri /healthy
    monitor fail if { nbsrv(kubernetes-api) lt 1 }
    timeout client 10s
`;

const stats = (): string => `# For this machine alone.
frontend stats
    mode http
    bind 127.0.0.1:${haproxyMetricsPort}
    no log
    http-request use-service prometheus-exporter if { path /metrics }
    stats enable
    stats uri /
    timeout client 10s
`;
