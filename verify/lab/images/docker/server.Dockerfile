# A server of the replica of Proxmox VE: what its own scripts and Ceph's daemons need, and what Terraform and its provisioners
# run with. Proxmox VE itself is not in it: its commands are stand-ins, mounted from verify/lab/proxmox/server.
ARG BASE
FROM ${BASE}

ENV DEBIAN_FRONTEND=noninteractive

RUN apt-get update && apt-get install --yes --no-install-recommends \
      bash ca-certificates ceph-base ceph-common ceph-fuse ceph-mds ceph-mgr ceph-mon ceph-osd curl dbus fuse3 git iproute2 \
      iputils-ping libstdc++6 mount openssh-client openssh-server procps python3 socat sudo systemd systemd-sysv udev \
      util-linux \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt /usr/share/doc /usr/share/man /usr/share/locale \
  && : > /etc/machine-id && rm -f /var/lib/dbus/machine-id /etc/ssh/ssh_host_* \
  && systemctl disable ceph.target ceph-crash.service ssh.service \
  && systemctl mask \
       console-getty.service getty@.service getty.target serial-getty@.service \
       systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
       systemd-networkd.service systemd-networkd.socket systemd-logind.service \
       systemd-remount-fs.service dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-debug.mount \
       sys-kernel-tracing.mount proc-sys-fs-binfmt_misc.automount systemd-modules-load.service \
       apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer

STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
