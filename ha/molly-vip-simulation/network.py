"""Who reaches whom, each direction by itself, and how long that takes."""

RETRANSMISSION = 0.2
"""Seconds after which TCP sends a lost packet again: loss shows as delay."""


class Network:
    __slots__ = ("world", "loss", "slowness", "_cuts", "_base")

    def __init__(self, world, size, base):
        """`base`: seconds that a packet takes, on average, while nothing is wrong."""
        self.world, self._base = world, base
        self.loss, self.slowness = 0.0, 0.0
        self._cuts = [[0] * size for _ in range(size)]

    def cut(self, source, target, change=1):
        """One more fault, or with -1 one less, that keeps packets of `source` from `target`."""
        if source != target:
            self._cuts[source][target] += change

    def carries(self, source, target):
        return not self._cuts[source][target]

    def both_ways(self, one, other):
        return not self._cuts[one][other] and not self._cuts[other][one]

    def delay(self, source, target):
        """Seconds that one message takes."""
        chance = self.world.chance
        took = self._base * (0.5 + chance())
        if source == target:
            return took
        if self.slowness:
            took += self.slowness * chance()
        while self.loss and chance() < self.loss:
            took += RETRANSMISSION
        return took
