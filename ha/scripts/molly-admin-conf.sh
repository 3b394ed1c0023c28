#!/bin/sh
# Gives a user permanent access to the cluster through kubectl: the seed's three commands, harmless to repeat.
#   molly-admin-conf USER
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh

require_root
[ $# -eq 1 ] || fail "usage: ${0##*/} USER"
user=$1
entry=$(getent passwd "$user") || fail "there is no user '$user' on this machine."
home=$(echo "$entry" | cut -d: -f6)
group=$(id -g "$user")
config=$home/.kube/config
[ -e "$admin_conf" ] || fail "$admin_conf is not there: run this on a control plane of the running cluster."

# Seed: 'cp -i' asks. Nobody answers a script, so another cluster's file is kept and only this cluster's is renewed.
if [ -e "$config" ] && ! grep -qF "server: https://$MOLLY_VIP:$MOLLY_API_PORT" "$config"; then
  fail "$config is for another cluster. Move it away, or use '--kubeconfig $admin_conf'."
fi
install -d -m 700 -o "$user" -g "$group" "$home/.kube"
install -m 600 -o "$user" -g "$group" "$admin_conf" "$config"
say "$config is in place"
