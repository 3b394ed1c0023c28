#!/bin/sh
# This gateway's certificate for etcd, which decides who holds the VIP. The private key is made here and stays here.
#   molly-gateway-certificate check              whether there is one that lasts for another year
#   molly-gateway-certificate request >REQUEST   for molly-admit-gateway on a control plane
#   molly-gateway-certificate accept <BUNDLE     what that wrote
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

folder=/var/lib/molly-vip
key=$folder/client.key
certificate=$folder/client.crt
ca=/etc/kubernetes/pki/etcd/ca.crt

lasts() {
  [ -s "$key" ] && openssl verify -CAfile "$ca" "$certificate" >/dev/null 2>&1 &&
    openssl x509 -checkend 31536000 -noout -in "$certificate" >/dev/null
}

request() {
  install -d -m 700 "$folder"
  umask 077
  if [ ! -s "$key" ]; then
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key.new"
    mv "$key.new" "$key"
  fi
  openssl req -new -key "$key" -subj "/CN=molly-vip-$MOLLY_NODE"
}

# The agent looks for a certificate until it has one; only another than it has needs a restart.
accept() {
  had=""
  if [ -e "$certificate" ]; then had=yes; fi
  # Only what is expected is unpacked, whatever else the bundle may hold.
  tar -xf - -C / --no-same-owner "${ca#/}" "${certificate#/}" ||
    fail "the bundle lacks a certificate. Make it with 'molly-admit-gateway $MOLLY_NODE' on a control plane."
  if [ -n "$had" ]; then systemctl restart molly-vip; fi
  say "has a certificate for etcd"
}

require_root
case ${1:-} in
  check) lasts ;;
  request) request ;;
  accept) accept ;;
  *) fail "usage: ${0##*/} check | request >REQUEST | accept <BUNDLE" ;;
esac
