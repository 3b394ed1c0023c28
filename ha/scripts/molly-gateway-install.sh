#!/bin/sh
# Installs and starts what makes this machine a gateway. Harmless to repeat: a service is touched only when its files changed.
set -eu

# shellcheck source=ha/scripts/functions.sh
. /usr/local/lib/molly/functions.sh
# shellcheck source=ha/scripts/services.sh
. /usr/local/lib/molly/services.sh

# openssl: for the request of a certificate, see molly-gateway-certificate.
debian_packages() { echo "ca-certificates dnsmasq nftables openssl python3"; }

# Read as a whole, in one transaction: a mistake leaves the rules that are in force. No connection is cut.
load_rules() {
  nft --check --file /etc/nftables.conf || fail "nft refuses /etc/nftables.conf; what is in force is left as it is."
  nft --file /etc/nftables.conf
  systemctl enable --quiet nftables
}

start_dns() {
  dnsmasq --test --conf-file=/etc/dnsmasq.d/molly.conf >&2 ||
    fail "dnsmasq refuses /etc/dnsmasq.d/molly.conf; what runs is left as it is."
  apply dnsmasq restart /etc/dnsmasq.d/molly.conf
}

start_vip() {
  molly-vip check >&2 || fail "molly-vip refuses /etc/molly/vip.json; what runs is left as it is."
  apply molly-gateway-health restart /etc/systemd/system/molly-gateway-health.service \
    /usr/local/lib/molly/gateway-health.py
  # Before there is a certificate for etcd it waits for one.
  apply molly-vip restart /etc/molly/vip.json /etc/systemd/system/molly-vip.service /usr/local/lib/molly-vip/*.py
}

require_root
keep_hosts
sysctl --quiet --load=/etc/sysctl.d/90-molly.conf
install_debian_packages
systemctl daemon-reload
load_rules
start_dns
start_vip
say "installed"
