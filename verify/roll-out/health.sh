# What one machine says of itself and of what it can reach, a line an answer. POSIX sh.
# Arguments: the VIP, this machine's address, the API's port, the API server's own port; then services. On a worker the
# first four are empty.
# shellcheck shell=sh

vip=$1 address=$2 port=$3 backend=$4
shift 4

# Bounded: a look must not take longer than what it waits for.
ask() {
  code=$(curl --silent --insecure --output /dev/null --write-out '%{http_code}' --max-time 2 "https://$2/readyz" || true)
  printf '%s %s\n' "$1" "$code"
}

# A linearizable read, on the port that kubeadm opens on loopback: 'true' means that this member reaches a quorum.
ask_etcd() { printf 'etcd %s\n' "$(curl --silent --max-time 2 http://127.0.0.1:2381/health | tr '\n' ' ')"; }

if [ -n "$vip" ]; then
  ask vip "$vip:$port" &
  ask haproxy "$address:$port" &
  ask api "$address:$backend" &
  ask_etcd &
  if [ -n "$(ip -o -4 address show to "$vip/32")" ]; then echo "holds yes"; fi
fi
for service; do
  printf 'service %s %s\n' "$service" "$(systemctl is-active "$service" || true)"
done
wait
