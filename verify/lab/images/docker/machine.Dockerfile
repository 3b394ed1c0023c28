# A virtual machine as Debian's cloud image boots it: a node, with cloud-init and sshd in force. The guest agent is there
# because a replica's network has no way to a mirror; on a real machine cloud-init installs it.
ARG BASE
FROM ${BASE}

ENV DEBIAN_FRONTEND=noninteractive

RUN apt-get update && apt-get install --yes --no-install-recommends cloud-init qemu-guest-agent \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt /usr/share/doc /usr/share/man \
  && rm -f /etc/ssh/ssh_host_* /etc/apt/sources.list /etc/apt/sources.list.d/* \
  && printf 'datasource_list: [NoCloud]\n' > /etc/cloud/cloud.cfg.d/90-replica.cfg \
  && systemctl enable ssh.service \
  && systemctl disable qemu-guest-agent.service
