#!/bin/sh
# Hands this site's cluster over to Flux: from a checkout of the repository, with an administrator's kubeconfig.
# Usage: bootstrap.sh AGE_KEY_FILE. Where GitHub is out of reach, FLUX_MANIFEST names a copy of Flux's install.yaml.
set -eu

flux_version=2.9.5
# Folder of sealed secrets; empty: none.
sealed=sealed/molly
# Secrets in flux-system that this repository can't hold, since they are needed to read it or to tell of it.
secrets=""

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

say() { printf 'bootstrap: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }
apply() { kubectl apply --server-side "$@"; }

if [ -n "$sealed" ] && [ ! -r "${1:-}" ]; then
  fail "name the file with the age key that opens $sealed: $0 AGE_KEY_FILE"
fi

# Flux's pods need a network. What is applied here is what Flux finds in the repository: it takes it over unchanged.
say "pod network"
apply -k "$here/network/crds"
# shellcheck disable=SC2046 # a list of names
kubectl wait --for=condition=Established --timeout=1m $(kubectl get -k "$here/network/crds" --output=name)
apply -k "$here/network/canal"
kubectl --namespace kube-system rollout status daemonset/canal --timeout=10m

say "Flux $flux_version"
apply -f "${FLUX_MANIFEST:-https://github.com/fluxcd/flux2/releases/download/v$flux_version/install.yaml}"
kubectl --namespace flux-system wait --for=condition=Available deployment --all --timeout=10m

if [ -n "$sealed" ]; then
  # Never on a command line, nor in the log: kubectl reads the file and hands it to itself.
  kubectl --namespace flux-system create secret generic sops-age --from-file=age.agekey="$1" --dry-run=client --output=yaml |
    apply -f -
fi
for secret in $secrets; do
  kubectl --namespace flux-system get secret "$secret" >/dev/null ||
    fail "make the Secret $secret in flux-system, which only you can, then run this again."
done

say "what Flux syncs"
apply -k "$here/flux"
kubectl --namespace flux-system wait --for=condition=Ready kustomization --all --timeout=30m
say "the cluster is as the repository says, and stays so."
