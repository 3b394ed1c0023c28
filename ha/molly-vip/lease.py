"""The decisions: who may hold the VIP, and until when.

Pure: no clock, no I/O, no chance. Whoever drives it tells what happened and when, and carries out the actions that come
back, in their order. Times are seconds on CLOCK_BOOTTIME. `simulation/` drives it through clocks, networks and freezes.

Two keys in etcd. `lease` says who holds the VIP:
    held:<node>:<nonce>     a term; renewed by writing the same value again, which only changes the key's revision
    free:<node>:<nonce>     given back: whoever is fit takes it at once
`claim` serves the planned hand-over, in which the next holder is ready before the first lets go:
    wanted:<node or *>:<nonce>   the holder would like that node, or any, to take over
    ready:<node>:<nonce>         that node will hold the VIP the moment the lease says held:<node>:<nonce>

What makes two holders impossible, on any network and however long a process sleeps:
  1. A contender takes the lease only when its revision has not changed for a whole term on the contender's own clock,
     and the swap compares that revision: a renewal that came in between defeats it.
  2. A holder may hold until its last renewal, counted from *before* it was sent, plus less than a term. The kernel, not
     this program, enforces that: it kills the holder at the deadline, and the address dies with it.
  3. A renewal compares the whole value, so only the term that is in force can be renewed, and repeating one is harmless.
  4. The address goes before the lease is given back or handed over.
"""

from dataclasses import dataclass

ANY = "*"
SERVING, UNREADY, DEAD = "serving", "unready", "dead"
"""The local HAProxy: has a ready API server behind it; has none; does not answer."""


@dataclass(frozen=True)
class Times:
    """Seconds. What is not the site's to choose is derived here, once."""

    term: float
    renew: float
    poll: float
    # For clocks that run at different rates, and for the kernel to act: it kills that long before anyone may take over.
    margin: float = 0.2
    # A live holder lets go by itself before it is killed.
    courtesy: float = 0.1
    # Between two looks while a hand-over is under way, and before a request that failed is tried again.
    hurry: float = 0.01
    # How long a holder waits for somebody to take over from it.
    patience: float = 0.4
    # Who gave the lease back leaves it to the others for so long.
    restraint: float = 0.5
    # A claim older than this speaks of a node that may be gone meanwhile.
    claim_life: float = 0.5
    # An operator's wish to have the VIP here lapses after so long; `molly-vip hand-over` waits no longer either.
    wish_life: float = 2.0
    # A preferred holder that returned must have served for so long before it asks for the VIP.
    proof: float = 10.0

    @property
    def kill(self):
        return self.term - self.margin

    @property
    def drop(self):
        return self.kill - self.courtesy


@dataclass(frozen=True)
class Key:
    """A key as etcd knows it; absent: an empty value at revision 0."""

    value: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Request:
    """To etcd. `compare` holds (key, what, expected), `what` being `value` or `revision`; when all hold, `put` is written.

    Without `put` it is a read, from the quorum if `certain`, else from whatever the member knows.
    """

    kind: str
    sent: float
    compare: tuple = ()
    put: tuple = ()
    certain: bool = True


@dataclass(frozen=True)
class Answer:
    """Both keys as they are after the request. An outcome that nobody knows is no Answer but None."""

    ok: bool
    lease: Key
    claim: Key


@dataclass(frozen=True)
class Send:
    request: Request


@dataclass(frozen=True)
class Hold:
    """Arm the kill timer at `kill_at`, and only then, if it is before `not_after`, assign or confirm the address."""

    kill_at: float | None
    not_after: float | None


@dataclass(frozen=True)
class Drop:
    """Remove the address, and only then disarm the kill timer."""


@dataclass(frozen=True)
class Announce:
    """Tell the neighbours where the address is now (gratuitous ARP)."""


@dataclass(frozen=True)
class Log:
    text: str


@dataclass(frozen=True)
class Done:
    """After `stop`: nothing is held, nothing is left to say."""


class Lease:
    """One node's part. Each method takes what happened at `now` and returns the actions that follow from it."""

    def __init__(self, node, nonce, times, now, preferred=False, failback=False):
        """`nonce` must never have been used before by a process of this node. `preferred`: the site prefers this node."""
        self.node, self.times = node, times
        self.preferred, self.failback = preferred, failback
        self.marked = False  # Heartbeat says that this node is the preferred one at present
        self.health, self.healthy_since = DEAD, now
        self.lease, self.lease_since = None, now  # as last seen, and since when it has been the same
        self.claim, self.claim_since = Key(), now
        self.heard = None  # when etcd last answered
        self.term = None  # the value of the lease that is, or may be, ours
        self.doubt = False  # the outcome of a write is unknown: ask before anything is written again
        self.renewed = 0.0  # when the last renewal that succeeded was sent
        self.term_revision = 0
        self.holding = self.overriding = self.stopping = self.done = False
        self.wanting = None  # since when this holder would like another to take over, and whom
        self.offered = None  # our `ready` claim: its lease value and when it was sent
        self.to_free = None  # a term to give back, now that its address is gone
        self.take_asked = None  # since when an operator wants the VIP here
        self._pending = None
        self._next, self._next_want, self._next_claim = now, now, now
        self._nonce, self._count = nonce, 0

    # ---- what happens ----------------------------------------------------------------------------------------------

    def tick(self, now):
        return self._then(now)

    def answered(self, now, request, answer):
        """`answer` is None when the outcome is unknown: a time limit, a lost connection."""
        self._pending = None
        if answer is None:
            self._unknown(now, request)
            return self._then(now)
        actions = self._see(now, answer)
        self.heard = now
        return self._then(now, actions + getattr(self, "_after_" + request.kind)(now, request, answer))

    def health_is(self, now, health):
        if health == self.health:
            return self._then(now)
        actions = [Log(f"HAProxy: {health}")]
        if health == SERVING:
            self.healthy_since = now
        self.health = health
        return self._then(now, actions)

    def marked_is(self, now, marked):
        self.marked = marked
        return self._then(now)

    def hand_over(self, now, to=ANY):
        """An operator's wish. On the holder: let `to` take over. Elsewhere: let this node ask for it."""
        if self.holding and to != self.node:
            self.wanting, self._next_want, self._next = (now, to), now, now
        elif not self.holding and to in (ANY, self.node):
            self.take_asked, self._next_claim = now, now
        return self._then(now)

    def override(self, now, on):
        """An operator answers for it that no other node holds the VIP: it is held without etcd until etcd answers."""
        if on and not self.holding:
            self.overriding = self.holding = True
            return self._then(now, [Log("override: held without etcd"), Hold(None, None), Announce()])
        if not on and self.overriding:
            return self._then(now, self._drop("override ended"))
        return self._then(now)

    def address_failed(self, now, why):
        """The address could not be assigned."""
        self.holding = True  # some of it may be there
        return self._then(now, self._give_back(now, f"the address could not be assigned: {why}"))

    def stop(self, now):
        self.stopping = True
        if self.overriding:
            return self._then(now, self._drop("stopped"))
        if self.holding:
            self.wanting, self._next_want, self._next = (now, ANY), now, now
        return self._then(now)

    def wake(self, now):
        """When to tick next, if nothing happens before."""
        times = [self._next] if self._pending is None else [now + self.times.term]
        if self._on_term():
            times.append(self.renewed + self.times.drop)
        if self.wanting is not None:
            times.append(self.wanting[0] + self.times.patience)
        return min(times)

    # ---- what is known ---------------------------------------------------------------------------------------------

    def _see(self, now, answer):
        # Any other revision counts as a change, also a lower one. After a restore etcd counts anew, so the value counts, too.
        first = self.lease is None
        changed = first or answer.lease != self.lease
        if changed:
            self.lease_since = now
        if answer.claim != self.claim:
            # Who has not looked for a while can't know how old it is: no move for a wish of long ago.
            watched = self.heard is not None and now - self.heard < self.times.claim_life + self.times.poll
            self.claim_since = now if watched else now - self.times.claim_life
        self.lease, self.claim = answer.lease, answer.claim
        if self.overriding and changed and not first and self._held_by_other():
            return self._drop(f"override ended: {self._holder()} renews the lease")
        return []

    def _unknown(self, now, request):
        self._next = now + (self.times.poll if self.term is None else self.times.hurry)
        if request.kind == "take":
            self.term = request.put[0][1]
        if request.kind == "claim":
            self._offer(request)
        if request.kind == "transfer" and request.compare[0][2] == self.term:
            # It may still come about, later than the next renewal: so this term must never be held again.
            self._give_back(now, "")
        # A holder that is deaf, but not dumb, would renew for ever without knowing: a write is not repeated blindly.
        self.doubt = self.term is not None and (self.doubt or request.kind in ("take", "renew", "transfer"))

    def _after_look(self, now, _request, answer):
        self._next = now + (self.times.hurry if self.wanting or self._offer_stands(now) else self.times.poll)
        if self.term is not None:
            return []
        handed = self.offered is not None and answer.lease.value == self.offered[0]
        return self._taken_over(now) if handed else []

    def _after_ask(self, now, _request, answer):
        self.doubt = False
        self._next = now
        if self.term is None or answer.lease.value != self.term:
            return self._lost()
        if not self._on_term():
            self.term_revision = answer.lease.revision
        return []

    def _after_take(self, now, request, answer):
        if not answer.ok:
            self._next = now
            return []
        self.term, self.term_revision = request.put[0][1], answer.lease.revision
        self.take_asked = self.wanting = None
        return [Log(f"took the lease, revision {self.term_revision}")] + self._confirmed(now, request.sent)

    def _after_renew(self, now, request, answer):
        if self.term is None or request.put[0][1] != self.term:
            return []  # given up while it was under way
        return self._confirmed(now, request.sent) if answer.ok else self._lost()

    def _after_free(self, now, _request, answer):
        self._next = now
        return [Log("gave the lease back" if answer.ok else "the lease was no longer ours to give back")]

    def _after_want(self, now, _request, _answer):
        self._next = now
        return []

    def _after_claim(self, now, request, answer):
        self._next = now
        if answer.ok:
            self._offer(request)
        return []

    def _after_transfer(self, now, _request, answer):
        self._next = now
        if answer.ok:
            self._end_term()
            return [Log(f"handed over to {self._holder()}")]
        return [] if self.term in (None, answer.lease.value) else self._lost()

    def _offer(self, request):
        self.offered = (request.put[0][1].replace("ready:", "held:", 1), request.sent)

    def _taken_over(self, now):
        """The lease was handed over to us. It was written after our claim was sent, so the term counts from there."""
        (self.term, sent), self.offered = self.offered, None
        self.term_revision, self.take_asked = self.lease.revision, None
        self._next = now
        return [Log(f"was handed the lease, revision {self.term_revision}")] + self._confirmed(now, sent)

    # ---- holding ---------------------------------------------------------------------------------------------------

    def _confirmed(self, now, sent):
        """The lease was ours at some moment after `sent`."""
        self.doubt = self.overriding = False
        self.renewed = sent
        self._next = now + self.times.hurry if self.wanting else max(now, sent + self.times.renew)
        if self._unfit() or now >= sent + self.times.drop:
            return []  # by the next renewal, maybe
        first, self.holding = not self.holding, True
        hold = Hold(self.renewed + self.times.kill, self.renewed + self.times.drop)
        return [hold, Announce(), Log("holds the VIP")] if first else [hold]

    def _drop(self, why):
        had, self.holding, self.overriding = self.holding, False, False
        return [Drop(), Log(f"dropped the VIP: {why}")] if had else []

    def _give_back(self, now, why):
        """The address first, then the lease."""
        actions = self._drop(why)
        if self.term is not None:
            self.to_free, self._next = self.term, now
            self._end_term()
        return actions

    def _lost(self):
        self._end_term()
        return [] if self.overriding else self._drop(f"the lease is {self._holder()}'s")

    def _end_term(self):
        self.term, self.wanting, self.doubt = None, None, False

    def _on_term(self):
        """Whether the address is held by a term: one that was sought while an override is in force has not begun yet."""
        return self.holding and self.term is not None and not self.overriding

    def _unfit(self):
        """Why this node must not hold a lease, if so."""
        if self.stopping and self.wanting is None:
            return "stopped"
        return "HAProxy does not answer" if self.health == DEAD and not self.overriding else ""

    # ---- what follows ----------------------------------------------------------------------------------------------

    def _then(self, now, actions=()):
        actions = list(actions)
        if self._on_term() and now >= self.renewed + self.times.drop:
            actions += self._give_back(now, "the renewal is overdue")
        if self.wanting is not None and now >= self.wanting[0] + self.times.patience:
            self.wanting, self._next_want = None, now + 1
            if self.health == SERVING or self.stopping:  # else it is asked for again and again
                actions.append(Log("nobody was ready to take over"))
        if self._on_term() and self.health == UNREADY and self.wanting is None and now >= self._next_want:
            self.wanting, self._next = (now, ANY), now
        if self.term is not None and self._unfit():
            actions += self._give_back(now, self._unfit())
        if self._pending is None:
            actions += self._ask_etcd(now)
        return actions

    def _ask_etcd(self, now):
        if self.to_free is not None:
            value, self.to_free = self.to_free, None
            return self._send("free", now, (("lease", "value", value),), (("lease", self._value("free")),))
        if self.stopping and self.term is None:
            first, self.done = not self.done, True
            return [Done()] if first else []
        if now < self._next:
            return []
        if self.term is not None:
            return self._as_holder(now)
        if self._may_take(now):
            put = (("lease", self._value("held")),)
            return self._send("take", now, _same("lease", self.lease), put)
        if self._may_claim(now):
            self._next_claim = now + 1
            put = (("claim", self._value("ready")),)
            return self._send("claim", now, _same("claim", self.claim), put)
        return self._send("look", now, certain=self.overriding)

    def _as_holder(self, now):
        if self.doubt:
            return self._send("ask", now)
        mine = ("lease", "value", self.term)
        successor = self._successor(now)
        if successor is not None:
            put = (("lease", "held:" + self.claim.value.removeprefix("ready:")),)
            same = ("claim", "revision", self.claim.revision)
            return self._drop(f"{successor} is ready to take over") + self._send("transfer", now, (mine, same), put)
        if now < self.renewed + self.times.renew:
            if self.wanting is not None and now >= self._next_want:
                self._next_want = now + self.times.patience
                return self._send("want", now, (mine,), (("claim", self._value("wanted", self.wanting[1])),))
            if self.wanting is not None:
                return self._send("look", now, certain=False)
            self._next = self.renewed + self.times.renew
            return []
        return self._send("renew", now, (mine,), (("lease", self.term),))

    def _successor(self, now):
        """Who claimed the VIP during this very term, a moment ago, and is therefore ready to take over."""
        state, node, _nonce = parts(self.claim.value)
        recent = self.claim.revision > self.term_revision and now - self.claim_since < self.times.claim_life
        return node if state == "ready" and recent and node != self.node and self._on_term() else None

    def _may_take(self, now):
        if self.stopping or self.lease is None or not (self.health == SERVING or self.overriding):
            return False
        state, node, _nonce = parts(self.lease.value)
        unchanged = now - self.lease_since
        if state == "free":
            return node != self.node or unchanged > self.times.restraint
        # Whoever Heartbeat prefers goes first; the others follow in no time.
        return unchanged > self.times.term + (0 if self.marked else 2 * self.times.poll)

    def _may_claim(self, now):
        if self.stopping or self.health != SERVING or not self._held_by_other():
            return False
        state, node, _nonce = parts(self.claim.value)
        if state == "wanted" and node in (ANY, self.node) and now - self.claim_since < self.times.claim_life:
            return True
        if now < self._next_claim:
            return False
        if self.take_asked is not None and now - self.take_asked < self.times.wish_life:
            return True
        at_home = self.preferred and self.marked and now - self.healthy_since > self.times.proof
        return self.failback and at_home

    def _held_by_other(self):
        state, node, _nonce = parts(self.lease.value if self.lease else "")
        return state == "held" and node != self.node

    def _offer_stands(self, now):
        return self.offered is not None and now < self.offered[1] + self.times.term

    def _holder(self):
        return parts(self.lease.value)[1] or "nobody"

    def _send(self, kind, now, compare=(), put=(), certain=True):
        self._pending = Request(kind, now, compare, put, certain)
        return [Send(self._pending)]

    def _value(self, state, node=None):
        self._count += 1
        return f"{state}:{node or self.node}:{self._nonce}.{self._count}"


def _same(name, key):
    """Compares the value, too: after a restore etcd may give out a revision for the second time. An absent key has none."""
    revision = (name, "revision", key.revision)
    return (revision, (name, "value", key.value)) if key.revision else (revision,)


def parts(value):
    """(state, node, nonce) of a key's value; three empty texts for one that is absent or not ours to understand."""
    parts = value.split(":")
    return tuple(parts) if len(parts) == 3 else ("", "", "")
