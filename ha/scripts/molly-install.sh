#!/bin/sh
# Installs and starts what this machine needs before it enters the cluster. Harmless to repeat: what is there in the
# right version is left alone, a service is touched only when its files changed.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh
# shellcheck source=ha/scripts/services.sh
. /usr/local/lib/molly/services.sh

# ---- kernel ---------------------------------------------------------------------------------------------------------

# By its effect, since a module that is built into the kernel shows up nowhere else.
has_module() {
  case $1 in
    overlay) grep -qw overlay /proc/filesystems ;;
    br_netfilter) [ -d /proc/sys/net/bridge ] ;;
    nf_conntrack) [ -d /proc/sys/net/netfilter ] ;;
    *) [ -d "/sys/module/$1" ] ;;
  esac
}

load_modules() {
  grep -v '^#' /etc/modules-load.d/molly.conf | while read -r module; do
    has_module "$module" || modprobe "$module" ||
      fail "kernel module $module can't be loaded. Is linux-image-cloud-amd64 or another full kernel installed?"
  done
}

set_sysctls() { sysctl --quiet --load=/etc/sysctl.d/90-molly.conf; }

warn_of_swap() {
  [ "$(wc -l </proc/swaps)" -le 1 ] || say "swap is on: the kubelet does not start unless its failSwapOn is false. 'swapoff -a'."
}

# ---- packages -------------------------------------------------------------------------------------------------------

# reports VERSION COMMAND…: whether the command's output has exactly this version as a word, with or without a 'v'.
reports() {
  version=$1
  shift
  "$@" 2>/dev/null | tr -s ' \t' '\n' | grep -Fqx -e "$version" -e "v$version"
}

debian_packages() {
  echo "ca-certificates curl"
  [ "$MOLLY_ROLE" = control-plane ] || return 0
  echo "haproxy rsyslog logrotate"
  case $MOLLY_VIP_ENGINE in
    lease) echo "heartbeat openssl python3" ;;
    keepalived) echo "keepalived" ;;
    # resource-agents: the IPaddr2 that haresources names.
    heartbeat-classic) echo "heartbeat resource-agents" ;;
  esac
}

kubernetes_is_right() {
  reports "$MOLLY_KUBERNETES_VERSION" kubeadm version -o short &&
    reports "$MOLLY_KUBERNETES_VERSION" kubelet --version &&
    reports "$MOLLY_KUBERNETES_VERSION" kubectl version --client &&
    [ -x /opt/cni/bin/loopback ]
}

containerd_is_right() { reports "$MOLLY_CONTAINERD_VERSION" containerd --version; }

# Exactly these versions, also where a newer one is there and held.
apt_install_exactly() { apt_install --allow-change-held-packages --allow-downgrades "$@"; }

# add_repository NAME KEY-URL URL SUITE [COMPONENT]
add_repository() {
  install -d -m 755 /etc/apt/keyrings
  curl --fail --silent --show-error --location --retry 3 --output "/etc/apt/keyrings/$1.asc" "$2" ||
    fail "no signing key from $2. Packages of $1 can't be verified; give this machine a way there."
  echo "deb [signed-by=/etc/apt/keyrings/$1.asc] $3 $4 ${5:-}" >"/etc/apt/sources.list.d/$1.list"
}

# Debian 13 has containerd 1.7, Kubernetes 1.36 wants 2.x: Docker's repository has it.
install_containerd() {
  if containerd_is_right; then
    say "containerd $MOLLY_CONTAINERD_VERSION is there"
    return
  fi
  refuse_on_a_member containerd "$(containerd --version 2>/dev/null || true)" "$MOLLY_CONTAINERD_VERSION"
  say "installing containerd $MOLLY_CONTAINERD_VERSION"
  docker=https://download.docker.com/linux/debian
  add_repository docker "$docker/gpg" "$docker" "$MOLLY_DEBIAN_RELEASE" stable
  apt-get update >&2
  apt_install_exactly "containerd.io=$MOLLY_CONTAINERD_VERSION-*"
  apt-mark hold containerd.io >&2
}

install_kubernetes() {
  if kubernetes_is_right; then
    say "Kubernetes $MOLLY_KUBERNETES_VERSION is there"
    return
  fi
  refuse_on_a_member Kubernetes "$(kubelet --version 2>/dev/null || true)" "$MOLLY_KUBERNETES_VERSION"
  say "installing Kubernetes $MOLLY_KUBERNETES_VERSION"
  stable="https://pkgs.k8s.io/core:/stable:/v${MOLLY_KUBERNETES_VERSION%.*}/deb/"
  add_repository kubernetes "${stable}Release.key" "$stable" /
  apt-get update >&2
  version="$MOLLY_KUBERNETES_VERSION-*"
  apt_install_exactly "kubeadm=$version" "kubelet=$version" "kubectl=$version" kubernetes-cni
  # An unattended upgrade must not move a node to another version.
  apt-mark hold kubeadm kubelet kubectl >&2
}

refuse_on_a_member() {
  [ -e "$kubelet_conf" ] || return 0
  fail "$1 is '${2:-not there}', the site wants $3, and this node is in the cluster. Upgrade one node at a time," \
    "with 'kubectl drain' and 'kubeadm upgrade': this script would do all at once."
}

# ---- services -------------------------------------------------------------------------------------------------------

start_runtime() {
  set -- /etc/containerd/config.toml
  for file in /etc/containerd/conf.d/*.toml; do
    if [ -e "$file" ]; then set -- "$@" "$file"; fi
  done
  apply containerd restart "$@"
  # Only enabled: it has no configuration until kubeadm writes it and starts it.
  systemctl enable --quiet kubelet
}

start_haproxy() {
  apply rsyslog restart /etc/rsyslog.conf
  systemctl enable --quiet --now logrotate.timer
  haproxy -c -f /etc/haproxy/haproxy.cfg >&2 || fail "HAProxy refuses /etc/haproxy/haproxy.cfg; what runs is left as it is."
  # A reload keeps open connections, but what the drop-in sets is given to a process only when it starts.
  apply haproxy restart /etc/systemd/system/haproxy.service.d/10-molly.conf
  apply haproxy reload /etc/haproxy/haproxy.cfg
}

# ---- what decides who holds the VIP ---------------------------------------------------------------------------------

# Two engines at once would be two holders. So before the first start of one, all are stopped, also one that stays in use
# by another: Heartbeat, for one, releases what haresources names *now*. On a site in use that is done on all control
# planes together, with nobody at the VIP for a moment.
leave_other_engine() {
  last=/var/lib/molly/vip-engine
  [ "$(cat "$last" 2>/dev/null || true)" != "$MOLLY_VIP_ENGINE" ] || return 0
  for service in molly-vip keepalived heartbeat logd; do
    stop "$service"
    systemctl disable --quiet "$service" 2>/dev/null || true # there is none
  done
  # A line is: number, interface, "inet", address with its prefix, and more.
  ip -oneline -4 address show to "$MOLLY_VIP/32" | while read -r _ device _ address _; do
    ip address delete "$address" dev "$device"
  done
  mkdir -p /var/lib/molly
  echo "$MOLLY_VIP_ENGINE" >"$last"
}

# Stops a service, if there is one: 5 is systemctl's code for a unit that it does not know.
stop() {
  code=0
  systemctl stop "$1" 2>/dev/null || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 5 ] || fail "$1 does not stop: 'systemctl status $1' tells why."
}

# A restart makes the holder give up the VIP, and every other control plane must be there to take it. One machine can't
# see to that: whoever runs this on a site in use does it on one control plane at a time.
start_engine() {
  case $MOLLY_VIP_ENGINE in
    lease)
      start_heartbeat
      start_molly_vip
      ;;
    keepalived) start_keepalived ;;
    heartbeat-classic) start_heartbeat ;;
  esac
}

start_molly_vip() {
  molly-vip check >&2 || fail "molly-vip refuses /etc/molly/vip.json; what runs is left as it is."
  # Before there is an etcd it waits for one.
  apply molly-vip restart /etc/molly/vip.json /etc/systemd/system/molly-vip.service /usr/local/lib/molly-vip/*.py
}

start_keepalived() {
  keepalived --config-test --use-file /etc/keepalived/keepalived.conf >&2 ||
    fail "keepalived refuses /etc/keepalived/keepalived.conf; what runs is left as it is."
  # What the drop-in sets is given to a process only when it starts.
  apply keepalived restart /etc/systemd/system/keepalived.service.d/10-molly.conf
  apply keepalived reload /etc/keepalived/keepalived.conf
}

start_heartbeat() {
  authkeys=/etc/ha.d/authkeys
  [ -e "$authkeys" ] || fail "$authkeys is not there. It is a secret, made once for the site and delivered apart from these files."
  [ "$(stat -c '%a %U' "$authkeys")" = "600 root" ] ||
    fail "$authkeys is '$(stat -c '%a %U' "$authkeys")': Heartbeat insists on mode 600 and owner root. chown and chmod it."
  apply logd restart /etc/logd.cf
  apply heartbeat restart /etc/ha.d/ha.cf /etc/ha.d/haresources /etc/systemd/system/heartbeat.service.d/10-molly.conf "$authkeys"
  wait_for 30 "Heartbeat to run" heartbeat_runs || fail "Heartbeat does not run: 'journalctl -u heartbeat' tells why."
}

heartbeat_runs() { cl_status hbstatus >/dev/null 2>&1; }

require_root
# Before the packages, since Debian starts what it installs: another engine beside the last one, and HAProxy, which needs
# net.ipv4.ip_nonlocal_bind.
if [ "$MOLLY_ROLE" = control-plane ]; then leave_other_engine; fi
keep_hosts
load_modules
set_sysctls
warn_of_swap
install_debian_packages
install_containerd
install_kubernetes
systemctl daemon-reload
start_runtime
if [ "$MOLLY_ROLE" = control-plane ]; then
  start_haproxy
  start_engine
fi
say "installed"
