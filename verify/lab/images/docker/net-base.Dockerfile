# What kube-proxy and flannel call: they program the node's kernel through these tools.
ARG BASE
FROM ${BASE}
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates conntrack ethtool iproute2 iptables kmod nftables \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/* /usr/share/doc /usr/share/man
