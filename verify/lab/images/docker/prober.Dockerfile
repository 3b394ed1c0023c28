# The prober runs the Node of this very repository, mounted from the host; libstdc++6 is what it links to.
ARG BASE
FROM ${BASE}
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates iproute2 libstdc++6 procps python3 \
  && apt-get clean \
  && rm -rf /var/lib/apt/lists/* /var/log/* /usr/share/doc /usr/share/man
