#!/bin/sh
# Makes a container a Proxmox VE server that was just installed: run once, right after its systemd is up.
# Arguments: the disks that may become OSDs, by their names in /dev/disk/by-id.
set -eu
here=/opt/molly-replica/server
for command in pvesh pvesm pveum pvecm pveversion qm; do ln -sfn "$here/sbin/pve.py" "/usr/sbin/$command"; done
# Before /usr/bin on root's path, so that scripts find these first.
for command in pveceph lsblk ceph-volume apt-get; do ln -sfn "$here/sbin/$command" "/usr/local/sbin/$command"; done
ln -sfn /usr/local/sbin/pveceph /usr/sbin/pveceph
# The manager's own folder comes first on its path.
ln -sfn "$here/bcrypt.py" /usr/share/ceph/mgr/bcrypt.py

# Its own until it joins a cluster, then everybody's.
mkdir -p /var/lib/molly-replica/local/priv /var/lib/molly-replica/disks /dev/disk/by-id
[ -e /etc/pve ] || ln -s /var/lib/molly-replica/local /etc/pve

# Sparse: 10 GiB each that take no room until they are written to.
for disk; do
  file=/var/lib/molly-replica/disks/$disk
  [ -e "$file" ] || truncate --size 10G "$file"
  ln -sfn "$file" "/dev/disk/by-id/$disk"
done

cat >/etc/systemd/system/molly-ceph@.service <<'UNIT'
[Unit]
Description=Ceph daemon %i
[Service]
ExecStart=/opt/molly-replica/server/ceph-daemon %i
Restart=on-failure
RestartSec=1
LimitNOFILE=65536
[Install]
WantedBy=multi-user.target
UNIT
cat >/etc/systemd/system/molly-api.service <<'UNIT'
[Unit]
Description=Port of the replica's Proxmox VE API
[Service]
ExecStart=/usr/bin/socat TCP-LISTEN:8006,fork,reuseaddr UNIX-CONNECT:/run/molly-proxmox/%H.api
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
mkdir -p /run/ceph /run/lock && chown ceph:ceph /run/ceph
ssh-keygen -A >/dev/null
systemctl daemon-reload
systemctl enable --quiet --now ssh.service molly-api.service
