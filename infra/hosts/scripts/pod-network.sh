#!/bin/sh
# Gives a cluster that was just started its pod network: no node is Ready without one. Once; from then on Flux keeps it.
#
# Environment: NODE, ADDRESS of a control plane; MANIFESTS, a folder of YAML files; SSH_CONFIG as for enter.sh.
set -eu
here=$(dirname -- "$0")
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

# kustomization.yaml is for Flux; all others hold one object each.
files=$(find "$MANIFESTS" -name '*.yaml' ! -name kustomization.yaml | LC_ALL=C sort)
[ -n "$files" ] || fail "there is no manifest in $MANIFESTS. Run './molly synth'."
say "applying $(echo "$files" | wc -l) objects of the pod network"
echo "$files" | while read -r path; do
  echo ---
  cat "$path"
done | on "$ADDRESS" kubectl --kubeconfig "$admin_conf" apply --server-side -f - >&2
