#!/bin/sh
# Brings one machine into the cluster, from its first boot to its place there, over SSH. Terraform runs it for a machine that
# is new or was made anew. One that has entered is left alone: its files change by roll-out. Harmless to repeat, and a run
# that broke off is taken up again.
#
# Environment: NODE, ADDRESS, ROLE; CONTROL_PLANES, as name=address, the one that starts the cluster first; HOSTS, the folder
# of all machines' files; SSH_CONFIG, a file for `ssh -F`, where another than the one beside this script is wanted.
#
# No secret is stored on the way: what machines share goes through a pipe from one to the other.
set -eu
here=$(dirname -- "$0")
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

files=$HOSTS/$NODE
[ -d "$files" ] || fail "there is no $files. Run './molly synth'."
first=${CONTROL_PLANES%%=*}

# ---- the machine ----------------------------------------------------------------------------------------------------

# The words that apply to it: `begun`, kubeadm has left something there; `member`, the kubelet has its own credentials;
# `marked`, an earlier run of this script did not come to its end.
state() {
  # shellcheck disable=SC2016 # for the shell over there
  on "$ADDRESS" sh -c '[ ! -e "$1" ] || echo marked
    [ ! -e /etc/kubernetes/kubelet.conf ] || echo member
    if [ -e /etc/kubernetes/kubelet.conf ] || ls /etc/kubernetes/manifests/*.yaml >/dev/null 2>&1; then echo begun; fi' \
    sh "$mark" </dev/null
}

is() { case $seen in *"$1"*) ;; *) return 1 ;; esac }

# Heartbeat signs its packets with a key that all control planes share: made on the first one, handed on from there.
authkeys=/etc/ha.d/authkeys
deliver_authkeys() {
  [ -e "$files/etc/ha.d/ha.cf" ] || return 0
  if [ -n "$host" ] && on "$host" test -s "$authkeys" </dev/null; then
    # shellcheck disable=SC2016 # for the shell over there
    on "$host" cat "$authkeys" </dev/null | on "$ADDRESS" sh -c 'umask 077 && cat >"$1.new" && mv "$1.new" "$1"' sh "$authkeys"
    return
  fi
  # shellcheck disable=SC2016 # for the shell over there
  on "$ADDRESS" sh -c '[ ! -s "$1" ] || exit 0
    umask 077
    printf "auth 1\n1 sha1 %s\n" "$(od -An -N32 -tx1 /dev/urandom | tr -d " \n")" >"$1.new"
    mv "$1.new" "$1"' sh "$authkeys" </dev/null
}

# ---- the cluster ----------------------------------------------------------------------------------------------------

# Never a second cluster: as long as a control plane can't be asked, nobody knows whether there is one.
await_answer_of_all() {
  deadline=$(($(date +%s) + await_seconds))
  until find_cluster; do
    [ "$(date +%s)" -lt "$deadline" ] ||
      fail "can't tell whether there is a cluster:$silent can't be asked. Bring it up, or take it out of the site."
    sleep "$await_pause"
  done
}

start_cluster() {
  [ "$NODE" = "$first" ] || fail "there is no cluster to join yet: $first starts it."
  exclusively "$ADDRESS" molly-init </dev/null && return
  is begun || fail "the cluster could not be started, see above."
  # Nobody has joined it, and Terraform never knew it: it is begun anew.
  say "an earlier start broke off: starting anew"
  reset_machine
  exclusively "$ADDRESS" molly-init </dev/null
}

join_cluster() {
  if is begun; then
    exclusively "$ADDRESS" molly-join </dev/null && return
    say "an earlier join broke off: joining anew"
    reset_machine
  fi
  # What the cluster may know of a machine of this name is gone with that machine: nothing is running here.
  on "$host" molly-remove "$NODE" "$ADDRESS" --gone </dev/null
  on "$host" molly-invite "$ROLE" </dev/null | exclusively "$ADDRESS" molly-join
}

reset_machine() { exclusively "$ADDRESS" kubeadm reset --force </dev/null >&2; }

await_machine
seen=$(state)
if is member && ! is marked; then
  say "has entered before"
  exit 0
fi
if is begun && ! is marked; then
  fail "kubeadm has left files in /etc/kubernetes there, but not through this stack. If nothing of it is needed:" \
    "'kubeadm reset --force' on $ADDRESS, then apply again."
fi
await_answer_of_all
say "laying down its files"
# shellcheck disable=SC2016 # for the shell over there
on "$ADDRESS" sh -c 'mkdir -p "${1%/*}" && : >"$1"' sh "$mark" </dev/null
lay_down "$files"
if [ "$ROLE" = control-plane ]; then deliver_authkeys; fi
say "molly-install"
exclusively "$ADDRESS" molly-install </dev/null
if [ -n "$host" ]; then join_cluster; else start_cluster; fi
if [ "$ROLE" = control-plane ]; then on "$ADDRESS" molly-admin-conf root </dev/null; fi
on "$ADDRESS" rm -f "$mark" </dev/null
say "has entered"
