#!/bin/sh
# Takes one machine out of the cluster, over SSH: drained, its etcd member removed, its node deleted, nothing left running
# on it. Terraform runs it when a machine is no longer in the site, before the machine itself is destroyed; one that is gone
# already is only struck off. Harmless to repeat.
#
# Environment: NODE, ADDRESS, ROLE; CONTROL_PLANES, as name=address; SSH_CONFIG as for enter.sh.
set -eu
here=$(dirname -- "$0")
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

find_cluster || true
[ -n "$host" ] ||
  fail "there is no other control plane that could let it go. A whole cluster is ended with its machines:" \
    "'terraform state rm' what is left here, then destroy them."

gone=""
on "$ADDRESS" true </dev/null 2>/dev/null || gone=--gone
if [ -z "$gone" ] && [ "$ROLE" = control-plane ]; then
  # First of all it hands the VIP over. One that has no such service has nothing to stop.
  # shellcheck disable=SC2016 # for the shell over there
  on "$ADDRESS" sh -c 'for service in molly-vip keepalived heartbeat haproxy; do
    if systemctl cat "$service" >/dev/null 2>&1; then systemctl disable --quiet --now "$service"; fi
  done' </dev/null
fi
on "$host" molly-remove "$NODE" "$ADDRESS" $gone </dev/null
if [ -z "$gone" ]; then on "$ADDRESS" kubeadm reset --force </dev/null >&2; fi
say "has left${gone:+; it could not be reached, so what runs on it was not stopped}"
