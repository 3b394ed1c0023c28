# What Calico's programs call, and what upstream's image runs for a Canal: Felix and its helpers without BGP, each started
# again when it ends. Logs go to standard output alone, as upstream's felix.cfg has it.
ARG BASE
FROM ${BASE}
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ipset runit \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/* /usr/share/doc /usr/share/man
RUN for service in felix complete-startup allocate-tunnel-addrs monitor-token status-reporter; do \
    mkdir -p /etc/calico/services/$service; \
    printf '#!/bin/sh\nexec calico-node -%s 2>&1\n' $service > /etc/calico/services/$service/run; \
    chmod 755 /etc/calico/services/$service/run; \
  done \
  && printf '%s\n' \
    '#!/bin/sh' \
    'set -eu' \
    'calico-node -startup' \
    'NODENAME=$(cat /var/lib/calico/nodename)' \
    'export NODENAME FELIX_FELIXHOSTNAME="$NODENAME" FELIX_DATASTORETYPE="$DATASTORE_TYPE"' \
    '# Without it Felix removes what eBPF may have left, for which it was not compiled.' \
    'export FELIX_DebugSkipCTLBCleanup=true' \
    'export FELIX_LOGFILEPATH=none FELIX_LOGSEVERITYFILE=none FELIX_LOGSEVERITYSYS=none FELIX_METADATAADDR=none' \
    'calico-node -allocate-tunnel-addrs -allocate-tunnel-addrs-run-once' \
    'exec runsvdir -P /etc/calico/services' \
    > /usr/local/sbin/start-calico-node \
  && chmod 755 /usr/local/sbin/start-calico-node
# Where kube-controllers, which is not root, tells how it is.
RUN install --directory --owner 999 --group 999 /status /profiles
