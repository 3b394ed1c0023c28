#!/bin/sh
# Starts the cluster on its first control plane. Does nothing when that was done.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

# HAProxy accepts a connection on the VIP whether or not an API server stands behind it. 7: not connected, 28: timed out.
vip_accepts() {
  code=0
  curl --silent --insecure --output /dev/null --connect-timeout 2 --max-time 10 \
    "https://$MOLLY_VIP:$MOLLY_API_PORT/readyz" || code=$?
  [ "$code" -ne 7 ] && [ "$code" -ne 28 ]
}

# The add-on kube-proxy is the last thing that 'kubeadm init' makes.
has_kube_proxy() { kubectl_as "$admin_conf" "$@" --namespace kube-system get daemonset kube-proxy >/dev/null 2>&1; }

# While the VIP does not answer, this machine's own API server does.
is_finished() { has_kube_proxy || has_kube_proxy --server "https://$MOLLY_NODE:$MOLLY_API_BACKEND_PORT"; }

require_root
[ "$MOLLY_NODE" = "$MOLLY_FIRST_CONTROL_PLANE" ] ||
  fail "the cluster starts on $MOLLY_FIRST_CONTROL_PLANE; this machine joins it with molly-join."

if [ -e "$admin_conf" ]; then
  wait_for 60 "the API to confirm that the cluster was started" is_finished ||
    fail "$admin_conf exists, but the API does not answer or an earlier start broke off. If the cluster was never in use:" \
      "'kubeadm reset --force', then run this again."
  say "the cluster was started before"
  exit 0
fi

# There is no etcd to ask for the VIP, and nobody else to hold it: no cluster, no second holder. Once etcd answers, molly-vip
# asks it. Given back here only when there will be no etcd.
if [ "$MOLLY_VIP_ENGINE" = lease ]; then
  trap 'molly-vip override off >&2 || say "give the VIP back: molly-vip override off"' EXIT
  trap 'exit 1' HUP INT TERM
  molly-vip override on --no-other-holder >&2
fi

wait_for "$MOLLY_VIP_WAIT_SECONDS" "HAProxy to answer at $MOLLY_VIP:$MOLLY_API_PORT" vip_accepts ||
  fail "nobody answers at the VIP. Which control plane holds it ('ip address show to $MOLLY_VIP' there)? If none:" \
    "'systemctl status haproxy' and 'journalctl -u molly-vip -u keepalived -u heartbeat'."

# shellcheck disable=SC2086 # a list of flags
kubeadm init --config /etc/molly/kubeadm.yaml --skip-token-print $MOLLY_KUBEADM_FLAGS >&2
trap - EXIT
say "the cluster is started"
