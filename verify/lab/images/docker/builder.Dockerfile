# What compiles: Debian's Go fetches, verifies and starts the exact Go that versions.ts pins (GOTOOLCHAIN).
ARG BASE
FROM ${BASE}
# gcc: flannel has one file of C, and pause is a C program.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates gcc golang-1.24-go libc6-dev \
  && rm -rf /var/lib/apt/lists/*
ENV PATH=/usr/lib/go-1.24/bin:/usr/local/bin:/usr/bin:/bin
