#!/bin/sh
# Makes an installation medium for each server, with Proxmox's own assistant (Debian package proxmox-auto-install-assistant,
# from Proxmox's repository). A server that boots one ERASES the two disks of its mirror and installs Proxmox VE unattended.
#
#   ./build-isos.sh --iso FILE --hash-file FILE --ssh-keys FILE [--hardware FILE] [--out FOLDER] [SERVER…]
#
#   --iso            Proxmox VE's ISO, 9.0 or later; compare its SHA-256 with the one on Proxmox's download page first
#   --hash-file  one line, as 'mkpasswd --method=yescrypt' prints it: root's password itself is never asked for
#   --ssh-keys       public keys of root, one a line
#   --hardware       what the site leaves open, a line each:  SERVER mac 52:54:00:12:34:56
#                                                             SERVER disk ata-MODEL_SERIAL    (the mirror's two disks)
#
# The media hold the hash: keep them as you would keep the password.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)

fail() {
  printf 'build-isos: %s\n' "$*" >&2
  exit 2
}

iso="" hash_file="" keys_file="" hardware=/dev/null out=isos
while [ $# -gt 0 ]; do
  case $1 in
    --iso) iso=${2:?} ;;
    --hash-file) hash_file=${2:?} ;;
    --ssh-keys) keys_file=${2:?} ;;
    --hardware) hardware=${2:?} ;;
    --out) out=${2:?} ;;
    -h | --help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" && exit 0 ;;
    -*) fail "there is no option '$1'." ;;
    *) break ;;
  esac
  shift 2
done

wrong=""
lacks() {
  wrong="$wrong
  $*"
}

[ -r "$iso" ] || lacks "--iso: name Proxmox VE's ISO, a file that can be read."
hash=$(head -n 1 "${hash_file:-/dev/null}") || hash=""
echo "$hash" | grep -qxE '[$][0-9a-z]+[$][A-Za-z0-9./=,$]+' ||
  lacks "--hash-file: name a file with what 'mkpasswd --method=yescrypt' prints for root, never the password."
# As TOML strings. A comment in a key may hold anything.
keys=$(grep -E '^(ssh|ecdsa|sk-)' "${keys_file:-/dev/null}" | sed -e 's/[\\"]/\\&/g' -e 's/.*/"&"/' | paste -s -d ,) || keys=""
[ -n "$keys" ] || lacks "--ssh-keys: name a file with at least one SSH public key: without it nobody gets in."
[ -r "$hardware" ] || lacks "--hardware: $hardware can't be read."

# known SERVER KIND: what the hardware file says, a line each.
known() { awk -v server="$1" -v kind="$2" '$1 == server && $2 == kind { print $3 }' "$hardware"; }

if [ $# -eq 0 ]; then
  for answer in "$here"/answers/*.toml; do set -- "$@" "$(basename "$answer" .toml)"; done
fi
for server; do
  answer=$here/answers/$server.toml
  if [ ! -f "$answer" ]; then
    lacks "$server: is no server of the site."
    continue
  fi
  if grep -q '@MAC@' "$answer" && ! known "$server" mac | grep -qxE '([0-9a-f]{2}:){5}[0-9a-f]{2}'; then
    lacks "$server: its network card is not known. Add '$server mac 52:54:00:12:34:56' (lower case) to the hardware file."
  fi
  if grep -q '@FIRST_DISK@' "$answer" &&
    [ "$(known "$server" disk | grep -xE '(ata|nvme|scsi)-[A-Za-z0-9][A-Za-z0-9._:+-]*' | sort -u | wc -l)" -ne 2 ]; then
    lacks "$server: the two disks of its mirror are not known. Add two lines '$server disk ata-MODEL_SERIAL', as in" \
      "/dev/disk/by-id, to the hardware file."
  fi
done
command -v proxmox-auto-install-assistant >/dev/null ||
  lacks "proxmox-auto-install-assistant is not installed: 'apt-get install proxmox-auto-install-assistant xorriso'."
[ -z "$wrong" ] || fail "nothing was made:$wrong"

umask 077
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
for server; do
  first=$(known "$server" disk | sed -n 1p)
  second=$(known "$server" disk | sed -n 2p)
  # By index and length: no character of a value means anything.
  HASH=$hash KEYS=$keys MAC=$(known "$server" mac | tr -d :) FIRST_DISK=$first SECOND_SERIAL=${second#*-} \
    awk '{
      while (match($0, /@(HASH|KEYS|MAC|FIRST_DISK|SECOND_SERIAL)@/)) {
        name = substr($0, RSTART + 1, RLENGTH - 2)
        printf "%s%s", substr($0, 1, RSTART - 1), ENVIRON[name]
        $0 = substr($0, RSTART + RLENGTH)
      }
      print
    }' "$here/answers/$server.toml" >"$work/answer.toml"
  proxmox-auto-install-assistant validate-answer "$work/answer.toml" >&2
  proxmox-auto-install-assistant prepare-iso "$iso" --fetch-from iso --answer-file "$work/answer.toml" --output "$out/$server.iso" >&2
  printf 'build-isos: %s\n' "$out/$server.iso" >&2
done
