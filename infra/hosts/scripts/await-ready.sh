#!/bin/sh
# Waits until every machine is Ready and cluster DNS runs: what is changed after this is changed in a cluster that is well.
#
# Environment: NODE, ADDRESS of a control plane; MACHINES, all names; SSH_CONFIG as for enter.sh.
set -eu
here=$(dirname -- "$0")
# shellcheck source=infra/hosts/scripts/functions.sh
. "$here/functions.sh"

seconds=${READY_SECONDS:-600}
cluster() { on "$ADDRESS" kubectl --kubeconfig "$admin_conf" "$@" </dev/null >&2; }

# shellcheck disable=SC2046,SC2086 # a list of names
cluster wait --for=condition=Ready --timeout="${seconds}s" $(printf 'node/%s ' $MACHINES) ||
  fail "not every machine is Ready: 'kubectl get nodes' tells which, 'journalctl -u kubelet' there why."
cluster --namespace kube-system rollout status deployment/coredns --timeout="${seconds}s" ||
  fail "cluster DNS does not run: 'kubectl -n kube-system describe pods' tells what it waits for."
say "every machine is Ready"
