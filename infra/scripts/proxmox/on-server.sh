#!/bin/sh
# Lays the scripts of this stack down on one server and runs one of them there, as root. Terraform runs it, and you may:
#
#   ./on-server.sh [--forward-agent] SERVER SCRIPT [ARGUMENT…]      such as SERVER molly-ceph.sh --dry-run fs
#
# SSH_CONFIG: a file for `ssh -F`, for another user, key or jump host than those of the file beside this script.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/scripts/parameters.env"

forward=no
[ "${1:-}" != --forward-agent ] || { forward=yes && shift; }
server=${1:?"names no server"} script=${2:?"names no script"}
shift 2

fail() {
  printf '%s: %s\n' "$server" "$*" >&2
  exit 1
}

address=""
for pair in $MOLLY_SERVERS; do
  if [ "${pair%%=*}" = "$server" ]; then address=${pair#*=}; fi
done
[ -n "$address" ] || fail "is no server of the site: $MOLLY_SERVERS."
[ -f "$here/scripts/$script" ] || fail "there is no $here/scripts/$script."

# What a user's configuration may ask for interactive use is switched off; nobody is asked anything.
there() {
  ssh -F "${SSH_CONFIG:-$here/ssh_config}" -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 \
    -o ClearAllForwardings=yes -o ForwardAgent="$forward" -o RequestTTY=no -o RemoteCommand=none "$address" "$@"
}

# A command line for the shell over there, whatever is in the words.
quoted() {
  for word; do
    printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
  done
}

folder=.molly/$MOLLY_STACK
tar -C "$here/scripts" --owner=0 --group=0 --mode=u=rwX,go= -cf - . |
  there "umask 077 && rm -rf $folder && mkdir -p $folder && tar -xf - -C $folder" ||
  fail "could not be reached at $address, or its $folder not be written. Try: ssh -F '${SSH_CONFIG:-$here/ssh_config}' $address"
# shellcheck disable=SC2016 # for the shell over there
become_root='if [ "$(id -u)" = 0 ]; then exec "$@"; fi; exec sudo -n --preserve-env=SSH_AUTH_SOCK -- "$@"'
there "$(quoted sh -c "$become_root" sh sh "$folder/$script" "$@")" </dev/null
