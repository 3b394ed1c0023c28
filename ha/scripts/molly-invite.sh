#!/bin/sh
# Writes to standard output what one machine needs to join, as a tar for molly-join's standard input:
#   molly-invite worker | ssh root@NODE molly-join
# Nothing is stored on the way, and nothing expires before its use: the token is made now, for 15 minutes.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

usage="usage: ${0##*/} control-plane|worker >BUNDLE"

# The key pairs that all control planes share; each machine makes its own certificates from them.
shared_keys="
  etc/kubernetes/pki/ca.crt etc/kubernetes/pki/ca.key
  etc/kubernetes/pki/sa.pub etc/kubernetes/pki/sa.key
  etc/kubernetes/pki/front-proxy-ca.crt etc/kubernetes/pki/front-proxy-ca.key
  etc/kubernetes/pki/etcd/ca.crt etc/kubernetes/pki/etcd/ca.key"

# A kubeconfig that can do one thing: ask for a node's certificate.
discovery_conf() {
  token=$(kubeadm token create --kubeconfig "$admin_conf" --ttl 15m --description "molly-invite $role")
  cat <<EOF
apiVersion: v1
kind: Config
clusters:
  - name: $MOLLY_SITE
    cluster:
      server: https://$MOLLY_VIP:$MOLLY_API_PORT
      certificate-authority-data: $(base64 -w0 /etc/kubernetes/pki/ca.crt)
users:
  - name: joining
    user:
      token: $token
contexts:
  - name: joining
    context:
      cluster: $MOLLY_SITE
      user: joining
current-context: joining
EOF
}

require_root
[ $# -eq 1 ] || fail "$usage"
role=$1
case $role in
  control-plane)
    # shellcheck disable=SC2086 # a list of files
    set -- -C / $shared_keys
    ;;
  worker) set -- ;;
  *) fail "'$role' is no role. $usage" ;;
esac
[ ! -t 1 ] || fail "the bundle holds keys, this is a terminal. Pipe it into molly-join: $usage"
[ -e "$admin_conf" ] || fail "$admin_conf is not there: only a control plane of the running cluster can invite."

umask 077
bundle=$(mktemp -d /run/molly-invite.XXXXXX)
trap 'rm -rf "$bundle"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$bundle/run/molly"
discovery_conf >"$bundle/run/molly/discovery.conf"
tar -cf - --owner=0 --group=0 -C "$bundle" run/molly/discovery.conf "$@"
say "invited a $role"
