#!/bin/sh
# Lays a gateway's files down and puts them in force, over SSH, on one gateway after another. On one that is in use, the old
# files come back when it does not do well with the new ones. Harmless to repeat.
#
# Environment: NODE, ADDRESS; FIRST, the gateway that holds the VIP as long as there is no etcd to ask; HOSTS, the folder of
# all machines' files; SSH_CONFIG, a file for `ssh -F`, where another than the one beside this script is wanted.
set -eu
here=$(dirname -- "$0")
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

files=$HOSTS/$NODE
[ -d "$files" ] || fail "there is no $files. Run './molly synth'."
previous=/var/lib/molly/previous.tar

# What is there of the files that an earlier run laid down: kept until the new ones have proved good.
keep_previous() {
  # shellcheck disable=SC2016 # for the shell over there
  on "$ADDRESS" sh -c 'mkdir -p "${1%/*}" && rm -f "$1"
    [ -e "$2" ] || exit 0
    cut -c68- "$2" | while read -r path; do [ ! -e "$3$path" ] || echo "$path"; done | tar -cf "$1" -C "$3" --files-from=-' \
    sh "$previous" /var/lib/molly/rendered.sha256 / </dev/null
}

restore() {
  on "$ADDRESS" test -e "$previous" </dev/null || return 0
  say "putting the old files back"
  exclusively "$ADDRESS" tar -xf "$previous" -C / --overwrite </dev/null
  exclusively "$ADDRESS" molly-gateway-install </dev/null
}

# It forwards, and names are answered through it; its agent runs.
serves() {
  # shellcheck disable=SC2016 # for the shell over there
  on "$ADDRESS" sh -c 'systemctl is-active --quiet molly-vip dnsmasq && python3 -I -c "$1"' sh \
    'import urllib.request; urllib.request.urlopen("http://127.0.0.1:8406/healthy", timeout=2)' </dev/null 2>/dev/null
}

await_service() {
  deadline=$(($(date +%s) + ${SERVE_SECONDS:-60}))
  until serves; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep "$await_pause"
  done
}

await_machine
in_use=""
if serves; then in_use=yes; fi
keep_previous
# Whoever holds the VIP lets the other gateway have it first, if that one can.
if [ -n "$in_use" ]; then on "$ADDRESS" molly-vip hand-over </dev/null >&2 || true; fi
say "laying down its files"
lay_down "$files"
if ! exclusively "$ADDRESS" molly-gateway-install </dev/null || ! await_service; then
  restore
  fail "this gateway does not serve with its new files: 'journalctl -u molly-gateway-health -u dnsmasq -u molly-vip' there" \
    "tells why. Gateways after it were not touched."
fi
if [ "$NODE" = "$FIRST" ] && ! on "$ADDRESS" test -e /var/lib/molly-vip/client.crt </dev/null; then
  say "holds the VIP without etcd until there is one"
  on "$ADDRESS" molly-vip override on --no-other-holder </dev/null >&2
fi
say "serves"
