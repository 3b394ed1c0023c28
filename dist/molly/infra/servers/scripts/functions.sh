# Shared by the scripts that run on a server: sourced by them, never run. POSIX sh. Expects `here`, the folder of all of them.
# shellcheck shell=sh disable=SC2034,SC2154 # what is set here is read where this is sourced, and `here` is from there

# shellcheck source=/dev/null
. "$here/parameters.env"

root=${MOLLY_ROOT:-} # empty on a server; tests point it at a folder
node=$(hostname --short)
dry_run=""

say() { printf '%s: %s: %s\n' "$node" "${0##*/}" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# change WORD…: all that changes a server goes through here; a dry run only tells it.
change() {
  if [ -n "$dry_run" ]; then
    say "would run: $*"
    return
  fi
  say "running: $*"
  # Out of /etc/pve, which pvecm mounts anew, and with nobody to answer a question.
  (cd / && "$@" </dev/null)
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds. A dry run has nothing to wait for.
wait_for() {
  seconds=$1 what=$2
  shift 2
  if [ -n "$dry_run" ] || "$@"; then return 0; fi
  say "waiting for $what, at most $seconds s"
  deadline=$(($(date +%s) + seconds))
  while [ "$(date +%s)" -lt "$deadline" ]; do
    sleep 0.5
    if "$@"; then return 0; fi
  done
  say "waited $seconds s in vain for $what"
  return 1
}

# address_of SERVER: nothing when the site has no such server.
address_of() {
  for pair in $MOLLY_SERVERS; do
    if [ "${pair%%=*}" = "$1" ]; then echo "${pair#*=}"; fi
  done
}

address=$(address_of "$node")
[ -n "$address" ] || fail "the site has no server of this name: $MOLLY_SERVERS."
first=${MOLLY_SERVERS%%=*}

# one_at_a_time: an earlier run may still be busy here when the Terraform that started it is gone.
one_at_a_time() {
  [ -z "$dry_run" ] || return 0
  exec 9>"$root/run/lock/molly-servers"
  flock --timeout 900 9 || fail "an earlier run is still busy here: 'fuser $root/run/lock/molly-servers' names it."
}

# run_steps STEP…: each is a function that looks first and does nothing when its work is done.
run_steps() {
  one_at_a_time
  for step; do
    if [ "$(command -v "step_$step")" != "step_$step" ]; then fail "there is no step '$step'."; fi
    "step_$step"
  done
}
