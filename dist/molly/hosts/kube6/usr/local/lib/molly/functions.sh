# Shared by Molly's scripts: sourced by them, never run. POSIX sh.
# shellcheck shell=sh

# shellcheck source=/dev/null
. /etc/molly/node.env

# The operator's own settings. MOLLY_KUBEADM_FLAGS: appended to the command lines of 'kubeadm init' and 'kubeadm join'.
MOLLY_KUBEADM_FLAGS=""
if [ -r /etc/default/molly ]; then
  # shellcheck source=/dev/null
  . /etc/default/molly
fi
export MOLLY_KUBEADM_FLAGS

admin_conf=/etc/kubernetes/admin.conf
kubelet_conf=/etc/kubernetes/kubelet.conf
export admin_conf kubelet_conf

# All messages go to standard error: molly-invite's standard output is a bundle.
say() { printf '%s: %s: %s\n' "${MOLLY_NODE}" "${0##*/}" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

require_root() {
  [ "$(id -u)" -eq 0 ] || fail "needs root, runs as $(id -un). Run it with sudo."
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds.
wait_for() {
  seconds=$1 what=$2
  shift 2
  "$@" && return 0
  say "waiting for $what, at most $seconds s"
  deadline=$(($(date +%s) + seconds))
  while [ "$(date +%s)" -lt "$deadline" ]; do
    sleep 0.5
    "$@" && return 0
  done
  say "waited $seconds s in vain for $what"
  return 1
}

# The API, through the VIP, with the rights of the given kubeconfig.
kubectl_as() {
  conf=$1
  shift
  kubectl --kubeconfig "$conf" --request-timeout 5s "$@"
}
