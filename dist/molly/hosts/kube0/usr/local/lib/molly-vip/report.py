"""The state in the open: for `molly-vip status`, and as a text file for Prometheus' node exporter."""

import os
import time

import kernel
from fenced_lease import suspect_named_in
from lease import DEAD, SERVING, parts

FOLDER = "/run/molly-vip"
METRICS = f"{FOLDER}/molly_vip.prom"
"""For node exporter's `--collector.textfile.directory`. On a tmpfs: a full disk does not matter."""
PERIOD = 5.0


class Report:
    def __init__(self, agent):
        self._agent = agent
        self._takeovers = 0
        self._last, self._written = None, 0.0

    def status(self):
        lease, now = self._agent.lease, kernel.now()
        leased = lease.holding and lease.term is not None
        return {
            "node": lease.node,
            "vip": self._agent.settings.vip,
            "holding": lease.holding,
            "holder": holder_of(lease),
            "revision": lease.lease.revision if lease.lease else None,
            "secondsLeft": round(lease.renewed + lease.times.kill - now, 3) if leased else None,
            "whyNot": None if lease.holding else why_not(lease, self._agent.etcd.trouble, now),
            "override": lease.overriding,
            "haproxy": lease.health,
            "etcd": self._agent.etcd.trouble or "answers",
            "preferred": lease.marked,
            "memoryLocked": self._agent.memory_locked,
            "realTime": self._agent.real_time,
            "takeovers": self._takeovers,
        }

    def write_if_changed(self, now):
        lease = self._agent.lease
        state = (lease.holding, lease.health, holder_of(lease), lease.overriding, lease.marked)
        if state == self._last and now < self._written + PERIOD:
            return
        if self._last is not None and lease.holding and not self._last[0]:
            self._takeovers += 1
        self._last, self._written = state, now
        self.write()

    def write(self):
        try:
            os.makedirs(FOLDER, exist_ok=True)
            with open(METRICS + ".new", "w", encoding="utf-8") as file:
                file.write(metrics(self.status()))
            os.replace(METRICS + ".new", METRICS)
        except OSError as error:
            self._agent.log(f"{METRICS} could not be written: {error.strerror}")


def holder_of(lease):
    """Who holds the VIP as far as this node knows; empty for nobody."""
    if lease.holding:
        return lease.node
    value = lease.lease.value if lease.lease else ""
    state, node, _nonce = parts(value)
    return node if state == "held" and not suspect_named_in(value) else ""


def why_not(lease, trouble, now):
    """Why this node does not hold the VIP, in a few words."""
    if lease.heard is None or now > lease.heard + lease.times.term:
        return f"etcd does not answer: {trouble}"
    if lease.health != SERVING:
        return "HAProxy does not answer" if lease.health == DEAD else "HAProxy has no ready API server"
    if suspect := suspect_named_in(lease.lease.value):
        first = f"{suspect} may still have it and is fenced first"
        return f"{first}: {lease.trouble}" if lease.lease.value == lease.term else f"{first}, by {parts(lease.lease.value)[1]}"
    if holder_of(lease) in ("", lease.node):
        return "takes over within a moment, if nobody else does"
    return f"{holder_of(lease)} holds it and renewed {max(0, now - lease.lease_since):.1f} s ago"


def metrics(status):
    """Prometheus' text format."""
    node = f'{{vip="{status["vip"]}"}}'
    values = (
        ("holding", "gauge", "Whether this node holds the VIP.", int(status["holding"])),
        ("override", "gauge", "Whether an operator's override holds it without etcd.", int(status["override"])),
        ("serving", "gauge", "Whether the local HAProxy has a ready API server.", int(status["haproxy"] == SERVING)),
        ("etcd_answers", "gauge", "Whether etcd answered last time.", int(status["etcd"] == "answers")),
        ("lease_revision", "gauge", "Revision of the lease as last seen.", status["revision"] or 0),
        ("takeovers_total", "counter", "How often this process took the VIP.", status["takeovers"]),
        ("written_seconds", "gauge", "When this was written, in seconds since the epoch.", int(time.time())),
    )
    return "".join(
        f"# HELP molly_vip_{name} {text}\n# TYPE molly_vip_{name} {kind}\nmolly_vip_{name}{node} {value}\n"
        for name, kind, text, value in values
    )
