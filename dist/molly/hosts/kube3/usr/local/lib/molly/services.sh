# Packages, services and /etc/hosts, for the scripts that set a machine up: sourced by them, never run. POSIX sh.
# shellcheck shell=sh

# Proxmox VE has cloud-init write /etc/hosts anew at every boot, from a template of its own: with it, each machine's own name
# would be 127.0.1.1 there.
keep_hosts() {
  template=/etc/cloud/templates/hosts.debian.tmpl
  [ -e "$template" ] || return 0
  cat /etc/hosts >"$template"
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The configuration files are laid down before the packages come: dpkg keeps ours.
apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" >&2
}

# Those that debian_packages names.
install_debian_packages() {
  missing=""
  for package in $(debian_packages); do
    installed "$package" || missing="$missing $package"
  done
  if [ -z "$missing" ]; then
    say "Debian's packages are there"
    return
  fi
  say "installing$missing"
  apt-get update >&2
  # shellcheck disable=SC2086 # a list of names
  apt_install $missing
}

# apply SERVICE VERB FILE…: enables and starts the service; the verb only when one of these files changed since the last
# time. Each verb has a hash of its own: call it once for each verb that a service's files ask for.
apply() {
  service=$1 verb=$2
  shift 2
  hash=/var/lib/molly/$service.$verb.sha256
  mkdir -p /var/lib/molly
  before=$(cat "$hash" 2>/dev/null || true)
  now=$(cat "$@" | sha256sum)
  systemctl enable --quiet "$service"
  if ! systemctl is-active --quiet "$service"; then
    systemctl start "$service"
    say "$service started"
  elif [ "$now" != "$before" ]; then
    systemctl "$verb" "$service"
    say "$service: $verb, $* changed"
  else
    say "$service runs, $* unchanged"
  fi
  echo "$now" >"$hash"
}
