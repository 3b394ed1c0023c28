#!/bin/sh
# Signs a gateway's request for a certificate, by etcd's CA: standard input to standard output, as a tar with that CA.
#   molly-admit-gateway NODE <REQUEST >BUNDLE
# kubeadm's etcd knows no users: whoever has such a certificate can read and write all of it, the cluster's secrets too.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

pki=/etc/kubernetes/pki/etcd

require_root
[ $# -eq 1 ] || fail "usage: ${0##*/} NODE <REQUEST >BUNDLE"
[ -e "$pki/ca.key" ] || fail "$pki/ca.key is not there: only a control plane of the running cluster can do this."

umask 077
bundle=$(mktemp -d /run/molly-admit-gateway.XXXXXX)
trap 'rm -rf "$bundle"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$bundle/etc/kubernetes/pki/etcd" "$bundle/var/lib/molly-vip"
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n' >"$bundle/extensions"
cp "$pki/ca.crt" "$bundle/etc/kubernetes/pki/etcd/"
# As long as the CA that kubeadm makes. Whatever name the request asks for, it gets this one.
openssl x509 -req -subj "/CN=molly-vip-$1" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -days 3650 \
  -extfile "$bundle/extensions" -out "$bundle/var/lib/molly-vip/client.crt" 2>/dev/null ||
  fail "what came in is no request for a certificate."
tar -cf - --owner=0 --group=0 -C "$bundle" etc/kubernetes/pki/etcd/ca.crt var/lib/molly-vip/client.crt
say "admitted the gateway $1"
