# A Debian machine before anything of Kubernetes is on it: what the scripts of a node find, or install with apt, on a real one.
ARG BASE
FROM ${BASE}

ENV DEBIAN_FRONTEND=noninteractive

# No recommended packages, so that only what is named gets in. net-tools is one of them: Heartbeat's IPaddr calls ifconfig.
# datefudge is no node's own: the machines share their host's clock, and verification shows single services another one.
RUN apt-get update && apt-get install --yes --no-install-recommends \
      ca-certificates conntrack curl datefudge dbus ebtables ethtool haproxy heartbeat iproute2 iptables iputils-ping keepalived \
      kmod less logrotate mount net-tools nftables openssh-server openssl procps python3 rsyslog runc socat sudo \
      systemd systemd-sysv udev util-linux \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt /usr/share/doc /usr/share/man /usr/share/locale \
# Each container is a machine of its own and makes its identity at boot. Empty, not absent: without the file systemd takes
# the boot for an installation and enables every service there is.
  && : > /etc/machine-id && rm -f /var/lib/dbus/machine-id \
# Packages enable what they bring. On a node that is for Molly's scripts to decide.
  && systemctl disable haproxy.service heartbeat.service keepalived.service ssh.service \
# A container has no consoles, no hardware of its own, and gets its addresses from the engine.
  && systemctl mask \
       console-getty.service getty@.service getty.target serial-getty@.service \
       systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
       systemd-networkd.service systemd-networkd.socket systemd-logind.service \
       systemd-remount-fs.service dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-debug.mount \
       sys-kernel-tracing.mount proc-sys-fs-binfmt_misc.automount systemd-modules-load.service \
       apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer

# systemd ends on this signal; SIGTERM would make it re-execute itself.
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
