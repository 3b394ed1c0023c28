"""Planned mistakes: each leaves out one rule that the VIP's safety, or its coming back, rests on.

A simulation that does not see them would prove nothing about the code that it finds nothing in.
"""

import re
from collections import namedtuple

from driver import Process
from machine import Machine
from proxmox import Proxmox
from service import Cleanup, Service
from subject import fenced_lease, lease

Parts = namedtuple("Parts", "lease process machine service cleanup proxmox")
"""The classes that a simulated control plane is made of. Without `proxmox` nobody pauses guests, and nobody is fenced."""

RIGHT = Parts(lease.Lease, Process, Machine, Service, Cleanup, None)
FENCED = RIGHT._replace(lease=fenced_lease.FencedLease, proxmox=Proxmox)


# ---- in the decisions ------------------------------------------------------------------------------------------------


class TakesEarly(lease.Lease):
    """A contender takes over without waiting for a whole term."""

    def _may_take(self, now):
        return super()._may_take(now + self.times.term / 2)


class TakesBlindly(lease.Lease):
    """A contender takes over whatever the lease says by then."""

    def _send(self, kind, now, compare=(), put=(), certain=True):
        return super()._send(kind, now, () if kind == "take" else compare, put, certain)


class TakesByRevision(lease.Lease):
    """A contender knows the lease by its revision alone, which etcd gives out again after a restore."""

    def _see(self, now, answer):
        known, since = self.lease, self.lease_since
        actions = super()._see(now, answer)
        if known is not None and known.revision == answer.lease.revision:
            self.lease_since = since
        return actions

    def _send(self, kind, now, compare=(), put=(), certain=True):
        return super()._send(kind, now, compare[:1] if kind == "take" else compare, put, certain)


class CountsFromAnswer(lease.Lease):
    """The holder counts its term from when etcd answered, not from before it asked."""

    def _confirmed(self, now, sent):
        return super()._confirmed(now, now)


class CountsFromSight(lease.Lease):
    """Who was handed the lease counts its term from when it saw that, not from its claim."""

    def _taken_over(self, now):
        self.offered = (self.offered[0], now)
        return super()._taken_over(now)


class RenewsBlindly(lease.Lease):
    """A renewal does not ask whose the lease is by then."""

    def _send(self, kind, now, compare=(), put=(), certain=True):
        return super()._send(kind, now, () if kind == "renew" else compare, put, certain)


class RenewsByName(lease.Lease):
    """Whatever compares the lease's value compares no more than the node's name, for it holds no more."""

    def _value(self, state, node=None):
        return f"{state}:{node or self.node}:"


class RenewsDeafly(lease.Lease):
    """A holder goes on writing though it does not hear what becomes of it."""

    def _unknown(self, now, request):
        super()._unknown(now, request)
        self.doubt = False


class FreesFirst(lease.Lease):
    """The lease is given back before the address is dropped."""

    def _then(self, now, actions=()):
        return _sent_first("free", super()._then(now, actions))


class FreesBlindly(lease.Lease):
    """The lease is given back without asking whose it is by then."""

    def _send(self, kind, now, compare=(), put=(), certain=True):
        return super()._send(kind, now, () if kind == "free" else compare, put, certain)


class HandsOverFirst(lease.Lease):
    """The lease is handed over before the address is dropped."""

    def _then(self, now, actions=()):
        return _sent_first("transfer", super()._then(now, actions))


class HoldsAfterHandingOver(lease.Lease):
    """A term is held again though nobody knows what became of its hand-over."""

    def _unknown(self, now, request):
        if request.kind == "transfer" and self.term is not None:
            self._next, self.doubt = now + self.times.hurry, True
        else:
            super()._unknown(now, request)


class HeedsOldWishes(lease.Lease):
    """A contender takes a wish that it sees for the first time for a new one."""

    def _see(self, now, answer):
        new = answer.claim != self.claim
        actions = super()._see(now, answer)
        if new:
            self.claim_since = now
        return actions


class HonoursOldClaims(lease.Lease):
    """A holder hands over to whoever was ready at any time."""

    def _successor(self, now):
        state, _, rest = self.claim.value.partition(":")
        node = rest.partition(":")[0]
        return node if state == "ready" and node != self.node and self.holding else None


def _sent_first(kind, actions):
    def other(action):
        return not (isinstance(action, lease.Send) and action.request.kind == kind)

    return sorted(actions, key=other)


# ---- in what carries them out ----------------------------------------------------------------------------------------


class NoKillTimer(Process):
    """Nothing ends a holder that does not run."""

    def _arm(self, kill_at):
        pass


class KillsLate(Process):
    """The kill timer ends later than the term."""

    def _arm(self, kill_at):
        super()._arm(kill_at + 0.5 if kill_at is not None else None)


class AssignsLate(Process):
    """The address is assigned without looking at the clock once more."""

    def _check(self, not_after):
        pass


class ArmsLast(Process):
    """The address is assigned before the kill timer is armed."""

    def _steps_of(self, action):
        steps = super()._steps_of(action)
        return steps[1:] + steps[:1] if isinstance(action, lease.Hold) else steps


class DisarmsFirst(Process):
    """The kill timer is disarmed before the address is removed."""

    def _steps_of(self, action):
        steps = super()._steps_of(action)
        return steps[::-1] if isinstance(action, lease.Drop) else steps


class WallClock(Machine):
    """Times are those of a clock that people and NTP set."""

    def clock(self):
        return super().clock() + self.wall_offset

    def true_time(self, clock):
        return super().true_time(clock - self.wall_offset)


class ClockThatSleeps(Machine):
    """Times are those of CLOCK_MONOTONIC, which stands still while the machine does."""

    def clock(self):
        return super().clock() - self.slept

    def true_time(self, clock):
        return super().true_time(clock + self.slept)


class CleansUpTooSoon(Service):
    """The lease is given back when the process is told to end, not once it has."""

    def stop(self):
        super().stop()
        self.clean_up()


class CleansUpAnybodys(Cleanup):
    """Who cleans up gives back the lease, whoever holds it."""

    def _is_own(self, value):
        return value.startswith("held:")


# ---- where hypervisors pause guests ----------------------------------------------------------------------------------


class FencesNobody(lease.Lease):
    """There is no fencing: a holder whose clock stood still goes on holding."""


class AssignsBeforeFenced(fenced_lease.FencedLease):
    """The address is assigned while the old holder's machine is still to be stopped."""

    def _confirmed(self, now, sent):
        return super()._confirmed(now, sent) + (lease.Lease._confirmed(self, now, sent) if self.suspect else [])


class SuspectsTheLastOnly(fenced_lease.FencedLease):
    """Who takes over from a node that was still fencing suspects that one, not the one that it fenced."""

    def _send(self, kind, now, compare=(), put=(), certain=True):
        known = self.lease
        if kind == "take" and known.value.startswith("held:"):
            self.lease = lease.Key(known.value.partition("!")[0], known.revision)
        actions = super()._send(kind, now, compare, put, certain)
        self.lease = known
        return actions


class FreesSuspects(fenced_lease.FencedLease):
    """A term that was not in force yet is given back as if nobody was suspected any more."""

    def _send(self, kind, now, compare=(), put=(), certain=True):
        if kind == "free":
            return lease.Lease._send(self, kind, now, compare, put, certain)
        return super()._send(kind, now, compare, put, certain)


class CleansSuspects(Cleanup):
    """Who cleans up gives back a term that was not in force yet as if nobody was suspected any more."""

    def _free(self, mine):
        request = super()._free(mine)
        [(key, value)] = request.put
        return lease.Request("free", 0.0, request.compare, ((key, value.partition("!")[0]),))


class HoldsWhileSuspecting(fenced_lease.FencedLease):
    """The address is assigned by a value that still names a suspect, now that this one is stopped."""

    def _confirmed(self, now, sent):
        if self._cleared == self.term:
            return lease.Lease._confirmed(self, now, sent)
        return super()._confirmed(now, sent)

    def _as_holder(self, now):
        return lease.Lease._as_holder(self, now)


class TrustsTheTask(Proxmox):
    """A machine is taken for stopped as soon as Proxmox was asked for that."""

    def _accept(self, process, fence, suspect):
        super()._accept(process, fence, suspect)
        self._tell(process, fence, "")


def _named(*mistaken):
    """By their names, in words."""
    return {re.sub("(?<=[a-z])(?=[A-Z])", "-", one.__name__).lower(): one for one in mistaken}


MISTAKES = _named(
    TakesEarly,
    TakesBlindly,
    TakesByRevision,
    CountsFromAnswer,
    CountsFromSight,
    RenewsBlindly,
    RenewsByName,
    RenewsDeafly,
    FreesFirst,
    FreesBlindly,
    HandsOverFirst,
    HoldsAfterHandingOver,
    HeedsOldWishes,
    HonoursOldClaims,
    NoKillTimer,
    KillsLate,
    AssignsLate,
    ArmsLast,
    DisarmsFirst,
    WallClock,
    ClockThatSleeps,
    CleansUpTooSoon,
    CleansUpAnybodys,
)

WITH_PAUSES = _named(
    FencesNobody,
    AssignsBeforeFenced,
    SuspectsTheLastOnly,
    FreesSuspects,
    CleansSuspects,
    HoldsWhileSuspecting,
    TrustsTheTask,
)
MISTAKES.update(WITH_PAUSES)


def parts_of(mistake=None, pauses=False):
    """The right parts, but for the one that makes this mistake."""
    right = FENCED if pauses or mistake in WITH_PAUSES else RIGHT
    if mistake is None:
        return right
    wrong = MISTAKES[mistake]
    # The kinds of parts, whether fencing is among what they do or not.
    kinds = RIGHT._replace(proxmox=Proxmox)
    [part] = [part for part, kind in zip(Parts._fields, kinds) if issubclass(wrong, kind)]
    return right._replace(**{part: wrong})
