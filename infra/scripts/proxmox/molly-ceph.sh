#!/bin/sh
# Ceph on one server, step by step, as far as Terraform's provider has nothing for it.
#
#   molly-ceph.sh [--dry-run] [--disk ID]… [STEP…]
#
# On each server: install init mon mgr mds osd (these if no step is named), the servers with a monitor first and one at a
# time. Then on one of them, for the whole cluster: fs storage subvolumegroup client_key.
# ID is a name in /dev/disk/by-id: one OSD each. Nothing is ever removed, and no disk that holds anything is touched.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=infra/scripts/proxmox/functions.sh
. "$here/functions.sh"
# shellcheck source=infra/scripts/proxmox/disks.sh
. "$here/disks.sh"

# Fails instead of waiting for ever; before the first monitor there is nothing to ask.
ceph_says() { ceph --connect-timeout 10 "$@"; }

# ask WORD…: what Ceph says. Without an answer nothing is known, so nothing may be done; in a dry run there may be no Ceph yet.
ask() {
  if ceph_says "$@"; then return; fi
  [ -n "$dry_run" ] || fail "Ceph does not answer 'ceph $*': 'ceph -s' and 'journalctl -u ceph-mon@$node' may tell why."
}

# ---- one server -----------------------------------------------------------------------------------------------------

step_install() {
  for program in ceph ceph-mon ceph-mgr ceph-osd ceph-mds ceph-volume; do
    command -v "$program" >/dev/null || missing="${missing:-} $program"
  done
  if [ -z "${missing:-}" ]; then return; fi
  # apt-get asks, and without an answer it refuses; pveceph hands the question on.
  # shellcheck disable=SC2016 # for the shell that pipes
  change sh -c 'echo y | pveceph install --repository "$1" --version "$2"' sh "$MOLLY_REPOSITORY" "$MOLLY_CEPH_RELEASE"
}

# The configuration and its key belong to the cluster, the link to it to this server. pveceph keeps what is there.
step_init() {
  for path in /etc/pve/ceph.conf /etc/pve/priv/ceph.client.admin.keyring /etc/ceph/ceph.conf; do
    if [ ! -e "$root$path" ]; then
      change pveceph init --network "$MOLLY_NETWORK" --size "$MOLLY_CEPH_SIZE" --min_size "$MOLLY_CEPH_MIN_SIZE"
      return
    fi
  done
}

# The first monitor brings a manager of its own.
step_mon() { daemon mon --mon-address "$address"; }
step_mgr() { daemon mgr; }
step_mds() { daemon mds; }

# daemon TYPE OPTION…: makes it on this server, if the site wants one here, and waits until Ceph knows it.
daemon() {
  type=$1
  shift
  case " $MOLLY_CEPH_DAEMONS " in *" $node "*) ;; *) return 0 ;; esac
  if knows_daemon; then return; fi
  if [ ! -d "$root/var/lib/ceph/$type/ceph-$node" ]; then change pveceph "$type" create "$@"; fi
  wait_for "$MOLLY_WAIT_SECONDS" "Ceph to know the $type of this server" knows_daemon ||
    fail "the $type does not run: 'journalctl -u ceph-$type@$node' tells why. If it was never made whole:" \
      "'pveceph $type destroy $node', then run this again."
}

knows_daemon() { ceph_says node ls "$type" 2>/dev/null | grep -q "\"$node\":"; }

# ---- the cluster ----------------------------------------------------------------------------------------------------

step_fs() {
  listed=$(ask fs ls --format json)
  if is_listed; then return 0; fi
  change pveceph fs create --name "$MOLLY_CEPH_FS"
  # It is a task to pveceph, whose failure is not its own.
  wait_for "$MOLLY_WAIT_SECONDS" "the file system $MOLLY_CEPH_FS" is_made ||
    fail "it was not made: 'pvesh get /nodes/$node/tasks --typefilter cephfscreate' names the task, whose log tells why."
}

is_listed() { case $listed in *"\"name\":\"$MOLLY_CEPH_FS\""*) ;; *) return 1 ;; esac; }

is_made() { listed=$(ceph_says fs ls --format json 2>/dev/null) && is_listed; }

# Only what is needed: Debian's image, and the machines' cloud-init files.
contents=import,snippets

step_storage() {
  if found=$(pvesh get "/storage/$MOLLY_CEPH_FS" --output-format json 2>/dev/null); then
    has=$(echo "$found" | sed -n 's/.*"content" *: *"\([^"]*\)".*/\1/p' | tr , '\n' | sort | paste -s -d ,)
    if [ "$has" != "$contents" ]; then change pvesm set "$MOLLY_CEPH_FS" --content "$contents"; fi
  else
    change pvesm add cephfs "$MOLLY_CEPH_FS" --fs-name "$MOLLY_CEPH_FS" --content "$contents"
  fi
  wait_for "$MOLLY_WAIT_SECONDS" "the storage $MOLLY_CEPH_FS to be mounted" is_mounted ||
    fail "it is not mounted: 'pvesm status' and 'ceph fs status' tell why."
}

# To ask for it mounts it, and makes the folders of its contents.
is_mounted() { pvesm status --storage "$MOLLY_CEPH_FS" 2>/dev/null | grep -q "^$MOLLY_CEPH_FS  *cephfs  *active"; }

# Where Kubernetes' volumes will be: made beforehand, as their driver does not.
step_subvolumegroup() {
  listed=$(ask fs subvolumegroup ls "$MOLLY_CEPH_FS" --format json)
  case $listed in *"\"name\":\"$MOLLY_CEPH_GROUP\""* | *"\"name\": \"$MOLLY_CEPH_GROUP\""*) return 0 ;; esac
  change ceph --connect-timeout 10 fs subvolumegroup create "$MOLLY_CEPH_FS" "$MOLLY_CEPH_GROUP"
}

# The driver's rights: volumes in its own group, the static volumes' folders, and no other file system's. Rights that the
# site does not give are taken away again. The key itself stays in Ceph, unseen.
client=client.csi

step_client_key() {
  mds="allow r fsname=$MOLLY_CEPH_FS path=/volumes, allow rws fsname=$MOLLY_CEPH_FS path=/volumes/$MOLLY_CEPH_GROUP"
  # Each FOLDER=RIGHTS; a site's folders need no quotes, neither here nor in Ceph's own syntax.
  for folder in $MOLLY_CEPH_FOLDERS; do
    mds="$mds, allow ${folder#*=} fsname=$MOLLY_CEPH_FS path=${folder%%=*}"
  done
  mgr="allow rw"
  mon="allow r fsname=$MOLLY_CEPH_FS"
  osd="allow rwx tag cephfs metadata=$MOLLY_CEPH_FS, allow rw tag cephfs data=$MOLLY_CEPH_FS"
  what=add
  if found=$(ceph_says auth get "$client" --format json 2>/dev/null); then
    what=caps
    case $found in *"\"caps\":{\"mds\":\"$mds\",\"mgr\":\"$mgr\",\"mon\":\"$mon\",\"osd\":\"$osd\"}"*) return 0 ;; esac
  fi
  change ceph --connect-timeout 10 auth "$what" "$client" mds "$mds" mgr "$mgr" mon "$mon" osd "$osd" >/dev/null
}

# ---------------------------------------------------------------------------------------------------------------------

disks=""
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --disk)
      shift
      disks="$disks ${1:?"--disk needs a name of /dev/disk/by-id"}"
      ;;
    -*) fail "there is no option '$1'." ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || set -- install init mon mgr mds osd
run_steps "$@"
