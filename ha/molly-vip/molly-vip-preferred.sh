#!/bin/sh
# A resource of Heartbeat's: on whose machine the VIP is wanted. It moves no address. molly-vip asks etcd, and of several
# contenders the one with this mark goes first. Two machines that have it, as haresources brings about, do no harm.
# Heartbeat calls it as: molly-vip-preferred VIP start|stop|status
mark=/run/molly-vip/preferred

case ${2:-} in
  start) mkdir -p "${mark%/*}" && : >"$mark" ;;
  stop) rm -f "$mark" ;;
  status) if [ -e "$mark" ]; then echo running; else echo stopped; fi ;;
  *)
    echo "usage: ${0##*/} VIP start|stop|status" >&2
    exit 2
    ;;
esac
