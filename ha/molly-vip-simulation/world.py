"""Time, chance, and who has the VIP."""

from heapq import heappop, heappush


class Violation(Exception):
    """What must never be was seen. Says what."""


class World:
    """Events in the order of the true time, in seconds, which no machine knows."""

    __slots__ = ("now", "chance", "trace", "holder", "holder_since", "wanted", "counts", "_queue", "_number")

    def __init__(self, chance, trace=None):
        """`chance()`: the next random number in [0, 1). `trace`: a list that takes what happens, for people."""
        self.now = 0.0
        self.chance, self.trace = chance, trace
        self.holder, self.holder_since = None, 0.0
        self.wanted = False
        """Whether anything has happened for which a holder may hand the VIP over."""
        self.counts = {}
        """How often what happened: shows that the schedules go where they should."""
        self._queue, self._number = [], 0

    def at(self, time, happen, *details):
        """Calls `happen` at `time`; of several at the same time, the one asked for first."""
        self._number += 1
        heappush(self._queue, (time, self._number, happen, details))

    def run(self, until):
        queue = self._queue
        while queue and queue[0][0] <= until:
            self.now, _, happen, details = heappop(queue)
            happen(*details)
        self.now = until

    def between(self, least, most):
        return least + (most - least) * self.chance()

    def any_of(self, choices):
        return choices[int(self.chance() * len(choices))]

    def tell(self, machine, text):
        if self.trace is not None:
            self.trace.append(f"{self.now:8.4f}  {machine.name if machine else '':6} {text}")

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    # ---- the property: at every instant at most one machine has the VIP ----------------------------------------------

    def address_came(self, machine):
        """Called at each of the few events at which a machine comes to have the VIP: a new address, or a thaw."""
        self.tell(machine, "has the VIP")
        if self.holder is not None and self.holder is not machine:
            raise Violation(f"two holders: {self.holder.name} and {machine.name}")
        if self.holder is None:
            self.count("got the VIP")
            self.holder, self.holder_since = machine, self.now

    def handed_over(self, machine):
        self.count("handed over")
        if not self.wanted:
            raise Violation(f"{machine.name} hands the VIP over though nobody wants that")

    def address_went(self, machine, why):
        if self.holder is machine:
            self.tell(machine, f"no longer has the VIP: {why}")
            self.holder, self.holder_since = None, self.now
