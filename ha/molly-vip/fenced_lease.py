"""The decisions, with fencing: a term that nobody gave back comes into force once its holder's machine is stopped.

Pure, as `lease.py` is, and in force only where the site asks for it. Rule 2 there rests on the holder's clock: a kill timer
whose clock a hypervisor stops, with the rest of its guest, does not fire in time. So the lease also says who may still
have the address:
    held:<node>:<nonce>             a term in force; whoever takes it over has to suspect that node
    held:<node>:<nonce>!<suspect>   a term taken over and renewed like any other, but without the address
    free:<node>:<nonce>!<suspect>   the same, given back: the suspicion goes to whoever takes it

What makes two holders impossible here, besides rules 1 to 4:
  5. An address is assigned only under a value that names no suspect.
  6. A suspect is handed on from value to value, until the owner of the term knows that its machine is stopped. By then
     nobody else can have the address: whoever held a value that names a suspect never had it.
"""

from dataclasses import dataclass

from lease import Lease, Log, parts

REMINDER = 10.0
"""Seconds after which the log says once more what is waited for."""


@dataclass(frozen=True)
class Fence:
    """Have the machine of `suspect` stopped, for as long as the term is wanted, and tell `fence_is` how far that is."""

    term: str
    suspect: str


class FencedLease(Lease):
    def __init__(self, *details, patience=None):
        """`patience`: seconds after which a term comes into force though nothing is certain; None: never."""
        super().__init__(*details)
        self.patience = patience
        self.trouble = ""  # why the suspect is not known to be stopped
        self._asked, self._asked_at = None, 0.0  # the term whose suspect is to be stopped
        self._cleared = None  # the term whose suspect is stopped, or given up
        self._reminded = 0.0

    @property
    def suspect(self):
        """Who may still have the address though the lease is, or may be, ours. Empty: nobody."""
        return suspect_named_in(self.term or "")

    # ---- what happens ----------------------------------------------------------------------------------------------

    def fence_is(self, now, term, trouble):
        """How far a Fence is. `trouble`: why nothing is certain yet; empty: the suspect's machine is stopped."""
        if not self.wants(term):
            return self._then(now)
        suspect, waiting = suspect_named_in(term), self._waits()
        if not trouble:
            if waiting:
                self._clear(now)
            return self._then(now, [Log(f"{suspect} is stopped")])
        new = trouble != self.trouble or now >= self._reminded + REMINDER
        self.trouble = trouble
        if not waiting or not new:
            return self._then(now)
        self._reminded = now
        return self._then(now, [Log(f"does not assign the VIP yet, {suspect} may still have it: {trouble}")])

    def override(self, now, on):
        """An operator who answers for it that no other node holds the VIP answers for the suspect, too."""
        if on and self._waits():
            self._clear(now)
        return super().override(now, on)

    def wake(self, now):
        until = [self._asked_at + self.patience] if self._waits() and self.patience is not None else []
        return min([super().wake(now), *until])

    def wants(self, term):
        """Whether this term is still ours, whether in force by now or not. For other threads as well."""
        mine = self.term
        return mine is not None and _without_suspect(mine) == _without_suspect(term)

    # ---- a term that is not in force -------------------------------------------------------------------------------

    def _waits(self):
        return bool(self.suspect) and self._asked == self.term != self._cleared

    def _clear(self, now):
        self._cleared, self._next = self.term, now

    def _then(self, now, actions=()):
        actions = list(actions)
        if self._waits() and self.patience is not None and now >= self._asked_at + self.patience:
            waited = f"{self.suspect} may still have the VIP, but {self.patience:g} s were enough: {self.trouble}"
            actions.append(Log(waited))
            self._clear(now)
        return super()._then(now, actions)

    def _confirmed(self, now, sent):
        if not self.suspect:
            return super()._confirmed(now, sent)
        self.doubt, self.renewed = False, sent
        self._next = now if self._cleared == self.term else max(now, sent + self.times.renew)
        if self._asked == self.term:
            return []
        self._asked, self._asked_at, self._reminded, self.trouble = self.term, now, now, "Proxmox was not asked yet"
        return [Log(f"{self.suspect} did not give the lease back: it is fenced first"), Fence(self.term, self.suspect)]

    def _as_holder(self, now):
        if self.doubt or not self.suspect or self._cleared != self.term:
            return super()._as_holder(now)
        put = (("lease", _without_suspect(self.term)),)
        return self._send("clear", now, (("lease", "value", self.term),), put)

    def _after_clear(self, now, request, answer):
        before, after = request.compare[0][2], request.put[0][1]
        if self.to_free == before and answer.ok:
            self.to_free = after
        if self.term != before:
            return []  # given up while it was under way
        if not answer.ok and answer.lease.value != after:
            return self._lost()
        self.term, self.term_revision = after, answer.lease.revision
        return self._confirmed(now, request.sent)

    def _after_ask(self, now, request, answer):
        # A write that names no suspect any more came about, though nobody heard of it.
        if self.suspect and self._cleared == self.term and answer.lease.value == _without_suspect(self.term):
            self.term = answer.lease.value
        return super()._after_ask(now, request, answer)

    def _unknown(self, now, request):
        super()._unknown(now, request)
        self.doubt = self.doubt or request.kind == "clear" and self.term is not None

    def _send(self, kind, now, compare=(), put=(), certain=True):
        if kind == "take" and not self.overriding:
            suspect = _suspect_after(self.lease.value)
            # Of this very node an earlier process is dead, and this one has no address while it takes.
            put = _suspecting(put, "" if suspect == self.node else suspect)
        if kind == "free":
            put = _suspecting(put, suspect_named_in(compare[0][2]))
        return super()._send(kind, now, compare, put, certain)


def suspect_named_in(value):
    """Who is to be fenced before anyone may hold by this value of the lease. Empty: nobody."""
    return value.partition("!")[2]


def _suspect_after(value):
    """Who may have the address while the lease has this value. Empty: nobody."""
    state, node, _nonce = parts(value)
    return suspect_named_in(value) or (node if state == "held" else "")


def _without_suspect(value):
    return value.partition("!")[0]


def _suspecting(put, suspect):
    [(key, value)] = put
    return ((key, f"{value}!{suspect}" if suspect else value),)
