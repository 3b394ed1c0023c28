# What a pod of the replica mounts CephFS with: ceph-fuse, where ceph-csi's own image is not to be had. Python runs the probe.
ARG BASE
FROM ${BASE}
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ceph-fuse fuse3 procps python3 \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/* /usr/share/doc /usr/share/man
