#!/bin/sh
# Lets this machine join the cluster, with molly-invite's bundle on standard input. Does nothing when it has joined.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

# The machine that started the cluster has another file for the day when it is made anew and has to join.
join_conf=/etc/molly/kubeadm-join.yaml
[ -e "$join_conf" ] || join_conf=/etc/molly/kubeadm.yaml

label=node-role.kubernetes.io/control-plane

# The API knows this node; for a control plane, kubeadm's last step was done: the label.
has_joined() {
  labels=$(kubectl_as "$kubelet_conf" get node "$MOLLY_NODE" -o jsonpath='{.metadata.labels}' 2>/dev/null) || return 1
  [ "$MOLLY_ROLE" = worker ] || case $labels in *"$label"*) ;; *) return 1 ;; esac
}

expected_files() {
  echo run/molly/discovery.conf
  [ "$MOLLY_ROLE" = control-plane ] || return 0
  for file in ca.crt ca.key sa.pub sa.key front-proxy-ca.crt front-proxy-ca.key etcd/ca.crt etcd/ca.key; do
    echo "etc/kubernetes/pki/$file"
  done
}

require_root
if [ -e "$kubelet_conf" ]; then
  wait_for 60 "the API to confirm that $MOLLY_NODE has joined" has_joined ||
    fail "$kubelet_conf exists, but the API does not answer or does not know this $MOLLY_ROLE: an earlier join broke off." \
      "'kubeadm reset --force' here, then join again with a fresh bundle."
  say "has joined before"
  exit 0
fi
[ ! -t 0 ] || fail "needs a bundle on standard input: 'molly-invite $MOLLY_ROLE' on a control plane, piped in here."

install -d -m 700 /run/molly
trap 'rm -f /run/molly/discovery.conf' EXIT
trap 'exit 1' HUP INT TERM
# Only what is expected is unpacked, whatever else the bundle may hold.
# shellcheck disable=SC2046 # a list of files
tar -xf - -C / --no-same-owner --same-permissions $(expected_files) ||
  fail "the bundle lacks what a $MOLLY_ROLE needs. Make it with 'molly-invite $MOLLY_ROLE'."

# shellcheck disable=SC2086 # a list of flags
kubeadm join --config "$join_conf" $MOLLY_KUBEADM_FLAGS >&2
say "has joined as $MOLLY_ROLE"
