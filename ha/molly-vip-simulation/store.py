"""What is written: two keys, every write with the next revision, and all that they ever were."""

from subject import lease


class Store:
    __slots__ = ("world", "lease", "claim", "revision", "_history", "_seen")

    def __init__(self, world, lease_key, claim_key, members):
        self.world = world
        self.lease, self.claim, self.revision = lease_key, claim_key, max(lease_key.revision, claim_key.revision)
        self._history = []
        self._remember()
        self._seen = [0] * members  # how far each member told of it: none goes back

    def carry_out(self, request):
        """What a majority has agreed on, in the order in which this is called. Returns an Answer."""
        ok = all(self._holds(*condition) for condition in request.compare)
        if ok and request.put:
            self.revision += 1
            for key, value in request.put:
                if key == "lease":
                    self.lease = lease.Key(value, self.revision)
                else:
                    self.claim = lease.Key(value, self.revision)
            self._remember()
        return lease.Answer(ok, self.lease, self.claim)

    def as_of(self, time, member):
        """What a member tells that has heard nothing since. Returns an Answer."""
        history, at = self._history, len(self._history) - 1
        while at > self._seen[member] and history[at][0] > time:
            at -= 1
        self._seen[member] = at
        return lease.Answer(True, history[at][1], history[at][2])

    def restore(self, share):
        """What was written after some moment is undone: `share`, in [0, 1), chooses the moment."""
        _, self.lease, self.claim, self.revision = self._history[int(share * len(self._history))]
        self._remember()
        self._seen = [len(self._history) - 1] * len(self._seen)

    def _holds(self, key, what, expected):
        found = self.lease if key == "lease" else self.claim
        if what == "revision":
            return found.revision == expected
        return found.revision > 0 and found.value == expected  # etcd: an absent key has no value to be equal

    def _remember(self):
        self._history.append((self.world.now, self.lease, self.claim, self.revision))
