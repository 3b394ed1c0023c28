#!/bin/sh
# Gives a gateway its certificate for etcd, once there is an etcd: from then on etcd decides which gateway holds the VIP. Run
# on one gateway after another: the first holds the VIP without etcd until now. Harmless to repeat.
#
# Environment: NODE, ADDRESS of the gateway; CONTROL_PLANES, as name=address; SSH_CONFIG as for enter.sh.
set -eu
here=$(dirname -- "$0")
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

# Its agent has etcd's word, and nobody's but etcd's.
asks_etcd() {
  status=$(on "$ADDRESS" molly-vip status --json </dev/null) || return 1
  case $status in *'"override": true'*) return 1 ;; esac
  case $status in *'"etcd": "answers"'*) ;; *) return 1 ;; esac
}

if ! on "$ADDRESS" molly-gateway-certificate check </dev/null; then
  find_cluster || true
  [ -n "$host" ] || fail "no control plane could be asked for a certificate."
  on "$ADDRESS" molly-gateway-certificate request </dev/null |
    on "$host" molly-admit-gateway "$NODE" |
    on "$ADDRESS" molly-gateway-certificate accept
fi
# The next gateway must not contend for the VIP as long as this one holds it without asking.
deadline=$(($(date +%s) + ${SETTLE_SECONDS:-60}))
until asks_etcd; do
  [ "$(date +%s)" -lt "$deadline" ] || fail "molly-vip does not reach etcd from there: 'molly-vip status' on $ADDRESS tells why."
  sleep "$await_pause"
done
say "etcd decides for it"
