#!/bin/sh
# Makes a server that was just installed one of the site's: its packages' repositories, and its place in the cluster.
#
#   molly-servers.sh [--dry-run] [STEP…]     steps: check repositories cluster
#
# The first server of the site forms the cluster; any other joins it, logged in there by the SSH agent that is forwarded to
# this session. Servers join one at a time: that is the caller's duty.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=infra/scripts/proxmox/functions.sh
. "$here/functions.sh"

step_check() {
  wrong=""
  version=$(pveversion) || fail "this is no server with Proxmox VE: 'pveversion' fails."
  case $version in
    "pve-manager/$MOLLY_PROXMOX_MAJOR."*) ;;
    *) wrong="it runs $version, and the site wants Proxmox VE $MOLLY_PROXMOX_MAJOR; " ;;
  esac
  [ -n "$(ip -o -4 address show to "$address")" ] || wrong="${wrong}it does not have its address, $address; "
  [ -z "$wrong" ] || fail "${wrong}install it with its own ISO, or correct the site."
}

# Ends with the list of what was there when the packages' lists were last fetched: a run that broke off before is noticed.
step_repositories() {
  folder=$root/etc/apt/sources.list.d
  stamp=$root/var/lib/molly/sources.sha256
  wanted=$(cd "$here/sources" && sha256sum -- *.sources)
  there=$(cd "$folder" && echo "$wanted" | cut -c67- | xargs sha256sum 2>/dev/null) || there=""
  if [ "$there" = "$wanted" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
  for source in "$here"/sources/*.sources; do
    change install -m 644 "$source" "$folder/"
  done
  change apt-get -q update
  change mkdir -p "${stamp%/*}"
  [ -n "$dry_run" ] || echo "$wanted" >"$stamp"
}

# A root that logs in by key is all that pvecm needs to join over SSH; by its API it would ask for root's password.
step_cluster() {
  if [ -e "$root/etc/pve/corosync.conf" ]; then
    grep -q "^ *cluster_name: $MOLLY_CLUSTER\$" "$root/etc/pve/corosync.conf" ||
      fail "it is in another cluster than '$MOLLY_CLUSTER' ('pvecm status'). A server leaves one by being installed anew."
  elif [ "$node" = "$first" ]; then
    change pvecm create "$MOLLY_CLUSTER" --link0 "$address"
  else
    there=$(address_of "$first")
    change ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new "root@$there" true ||
      fail "root can't log in from here to $first ($there). Load a key of root's into your SSH agent (ssh-add) and let it be forwarded."
    change pvecm add "$there" --use_ssh 1 --link0 "$address"
  fi
  wait_for "$MOLLY_WAIT_SECONDS" "a majority of the cluster's servers" is_quorate ||
    fail "the cluster has no majority: 'pvecm status' and 'journalctl -u corosync' tell why."
}

is_quorate() { pvecm status 2>/dev/null | grep -q '^Quorate: *Yes'; }

[ "${1:-}" != --dry-run ] || { dry_run=yes && shift; }
[ $# -gt 0 ] || set -- check repositories cluster
run_steps "$@"
