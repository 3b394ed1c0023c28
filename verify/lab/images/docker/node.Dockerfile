# A Debian machine with the programs that upstream's packages would put at the same places. All services are disabled:
# the scripts of a node enable them, as on a real machine.
ARG BASE
FROM ${BASE}
COPY . /
RUN install --directory /etc/kubernetes/manifests /etc/containerd /etc/cni/net.d \
  && systemctl disable containerd.service kubelet.service
