# Disks and OSDs: sourced by molly-ceph.sh. POSIX sh. Looks at every disk before the first becomes an OSD.
# shellcheck shell=sh disable=SC2154 # node, root, disks, dry_run: of those who source this

step_osd() {
  wrong="" empty="" devices=""
  own=$(ceph_says fsid 2>/dev/null) || own=""
  for id in $disks; do look_at "$id"; done
  if [ -n "$wrong" ]; then
    fail "no OSD was made:$wrong
  A disk that may be used is emptied by hand, once its data are known to be of no use: 'wipefs --all DEVICE'."
  fi
  for id in $empty; do
    change pveceph osd create "/dev/disk/by-id/$id"
  done
  for id in $disks; do
    wait_for "$MOLLY_WAIT_SECONDS" "the OSD on $id to be up" is_up "$id" ||
      fail "it is not up: 'ceph osd tree' names it, 'journalctl -u ceph-osd@NUMBER' tells why."
  done
}

# look_at ID: adds it to `empty`, or to `wrong` with the reason, or, when it is an OSD of this cluster already, to neither.
look_at() {
  device=$(readlink -f -- "$root/dev/disk/by-id/$1") && [ -e "$device" ] || device=""
  if [ -z "$device" ]; then
    refuse "$1" "is not there: 'ls /dev/disk/by-id' names those that are"
    return
  fi
  case "$devices " in *" $device "*)
    refuse "$1" "is a second name of the same disk, $device"
    return
    ;;
  esac
  devices="$devices $device"
  layout=$(lsblk --noheadings --raw --paths --output NAME,TYPE,MOUNTPOINTS "$device") || layout=""
  [ -n "$layout" ] || {
    refuse "$1" "is no disk ($device)"
    return
  }
  osd=$(ceph-volume lvm list --format json "$device" 2>/dev/null) || osd=""
  case $osd in
    *'"ceph.cluster_fsid"'*) known_osd "$1" ;;
    *) unknown_disk "$1" ;;
  esac
}

known_osd() {
  if [ -z "$own" ]; then
    refuse "$1" "is an OSD ($device), and Ceph does not answer whether of this cluster"
  else
    case $osd in
      *"\"$own\""*) ;;
      *) refuse "$1" "is an OSD of another Ceph cluster ($device)" ;;
    esac
  fi
}

# Partitions, LVM, mounts: more than one line, or more than name and type in it. File systems, ZFS, what once was: signatures.
unknown_disk() {
  # shellcheck disable=SC2086 # words
  set -- "$1" "$(echo "$layout" | wc -l)" $layout
  signatures=$(wipefs --no-act --parsable "$device") || signatures="unreadable,,,unreadable"
  signatures=$(echo "$signatures" | sed -e '/^#/d' -e 's/.*,//' | sort -u | paste -s -d ' ')
  if [ "$2" -ne 1 ] || [ $# -ne 4 ] || [ "$4" != disk ]; then
    refuse "$1" "is in use ($device): $(echo "$layout" | paste -s -d ';')"
  elif [ -n "$signatures" ]; then
    refuse "$1" "holds data ($device): $signatures"
  else
    empty="$empty $1"
  fi
}

refuse() {
  wrong="$wrong
  $1 $2;"
}

is_up() {
  number=$(ceph-volume lvm list --format json "$(readlink -f -- "$root/dev/disk/by-id/$1")" 2>/dev/null |
    sed -n 's/.*"ceph.osd_id" *: *"\([0-9]*\)".*/\1/p' | head -n 1)
  [ -n "$number" ] && ceph_says osd info "$number" 2>/dev/null | grep -q "^osd.$number up "
}
