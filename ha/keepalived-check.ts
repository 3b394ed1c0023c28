import { haproxyHealthPort } from "@molly/site";

/** Where the check stands on a machine. */
export const keepalivedCheckPath = "/usr/local/sbin/molly-keepalived-check";

/** What keepalived runs to know whether its machine may hold the VIP. */
export const keepalivedCheck = (): string => `#!/bin/sh
# Whether this machine may hold the VIP, by its exit code. keepalived asks every second.
set -eu

# It ends before the next one is due, also when HAProxy is frozen and takes a connection without an answer.
code=$(curl --silent --max-time 0.9 --output /dev/null --write-out '%{http_code}' http://127.0.0.1:${haproxyHealthPort}/healthy)

# 503: HAProxy runs and has no healthy API server. No fault while this machine is in no cluster: 'kubeadm init' and
# 'kubeadm join' need the VIP.
[ "$code" = 200 ] || [ ! -e /etc/kubernetes/admin.conf ]
`;
