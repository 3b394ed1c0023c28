#!/bin/sh
# Takes another machine out of the cluster: drained, its etcd member removed, its node deleted. Harmless to repeat.
#   molly-remove NODE ADDRESS [--gone]
# --gone: nothing runs there any more, so nothing is drained; for a machine that was lost, or came back empty.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

etcd_pki=/etc/kubernetes/pki/etcd

# etcd [PATH-OR-URL] CURL-ARGUMENT…: asks a member, by default this machine's own, through its JSON gateway.
etcd() {
  url=$1
  shift
  curl --silent --show-error --fail --max-time 10 --cacert "$etcd_pki/ca.crt" \
    --cert "$etcd_pki/healthcheck-client.crt" --key "$etcd_pki/healthcheck-client.key" "$@" "$url"
}

own=https://127.0.0.1:2379

# A line for each member: its number, its name (a dash until it has started), its addresses for peers and for clients.
members() {
  answer=$(etcd "$own/v3/cluster/member/list" --data '{}') || return 1
  echo "$answer" | tr '{' '\n' | grep '"peerURLs"' | while read -r member; do
    printf '%s %s %s %s\n' "$(field ID "$member")" "$(field name "$member")" "$(field peerURLs "$member")" "$(field clientURLs "$member")"
  done
}

# field NAME MEMBER: a text, or the first of a list of texts.
field() {
  found=$(echo "$2" | sed -n "s/.*\"$1\":\[\{0,1\}\"\([^\"]*\)\".*/\1/p")
  echo "${found:--}"
}

# Removing one of three leaves two, which both must answer: etcd would stop otherwise.
remove_member() {
  list=$(members) || fail "etcd does not answer on this machine: 'journalctl -u kubelet' tells about its pod."
  id=$(echo "$list" | awk -v peer="https://$address:2380" '$3 == peer { print $1 }')
  if [ -z "$id" ]; then
    say "etcd has no member $node"
    return
  fi
  others=$(echo "$list" | awk -v id="$id" '$1 != id { print $4 }')
  [ -n "$others" ] || fail "$node is etcd's only member: without it the cluster is gone."
  for member in $others; do
    case $(etcd "$member/health" 2>&1 || true) in
      *'"health":"true"'*) ;;
      *) fail "etcd's member at $member is not well. Cure it first: without it and $node too few may be left." ;;
    esac
  done
  etcd "$own/v3/cluster/member/remove" --data "{\"ID\":\"$id\"}" >/dev/null
  say "etcd's member $node is removed"
}

# Pods of daemon sets stay until the machine goes; what lies in an emptyDir is meant to go with its pod.
drain() {
  kubectl_as "$admin_conf" drain "$node" --ignore-daemonsets --delete-emptydir-data --timeout 300s >&2 ||
    fail "$node could not be drained, see above. It takes no new pods now: 'kubectl uncordon $node' if it shall stay after all."
}

ask_for_node() { known=$(kubectl_as "$admin_conf" get node "$node" --ignore-not-found -o name); }

require_root
{ [ $# -eq 2 ] || { [ $# -eq 3 ] && [ "$3" = --gone ]; }; } || fail "usage: ${0##*/} NODE ADDRESS [--gone]"
node=$1 address=$2 gone=${3:-}
[ "$node" != "$MOLLY_NODE" ] || fail "this is $node itself. Run it on a control plane that stays."
[ -e "$admin_conf" ] || fail "$admin_conf is not there: only a control plane of the running cluster can do this."

# Two at a time could both see enough members.
exec 9>/var/lib/molly/remove.lock
flock 9

# Right after the cluster was started, or when a holder has gone, the VIP is on its way for a moment.
wait_for "$MOLLY_VIP_WAIT_SECONDS" "the API to answer" ask_for_node || fail "the API does not answer."
if [ -n "$known" ] && [ -z "$gone" ]; then drain; fi
remove_member
if [ -n "$known" ]; then kubectl_as "$admin_conf" delete node "$node" --ignore-not-found >&2; fi
say "$node is out of the cluster"
