"""One schedule: a site, a few faults with their heals, and what must be true during and after them."""

import random
from collections import namedtuple

import site_under_test
from faults import KINDS, LASTING, Fault
from world import Violation, World

Outcome = namedtuple("Outcome", "violation counts seconds faults")
"""`violation`: None or text. `seconds`: of simulated time. `faults`: the whole plan."""

START = 0.5
"""Seconds after which the first fault may strike: the agents run, and mostly one holds the VIP."""

ELECTION = 1.5 + 0.5
"""Seconds: etcd's election, and what a request may wait after it."""

SLACK = 2.0
"""Seconds for what else may be under way: a restart, a hand-over that nobody takes, a request that is still late."""

_weights = [weight for weight, _ in KINDS.values()]
_kinds = list(KINDS)


def play(seed, number, parts, trace=None, without=()):
    """Plays schedule `number` of `seed`, always the same way. `without`: indexes of faults to leave out."""
    draw = random.Random(seed * 1_000_003 + number)
    settings = site_under_test.draw(draw.random)
    faults, end = _plan(draw, settings)
    world = World(random.Random(draw.random()).random, trace)
    violation = None
    try:
        site = site_under_test.Site(world, settings, parts)
        for index, fault in enumerate(faults):
            if index not in without:
                world.at(fault.at, fault.strike, site)
        world.run(end)
        _watch(site, thoroughly=draw.random() < 0.1)
    except Violation as seen:
        violation = str(seen)
        world.tell(None, violation)
    return Outcome(violation, world.counts, world.now, faults)


def _plan(draw, settings):
    """Some faults at random times, and when the last of them is healed."""
    chance, term = draw.random, settings.times.term
    window = term * (1 + 2 * chance())
    end = START + window
    kinds = draw.choices(_kinds, _weights, k=1 + int(6 * chance() ** 2))
    faults = []
    for kind in kinds:
        at, who = START + window * chance(), draw.choice(("holder", "holder", "other", "leader", "any"))
        if faults and chance() < 0.5:  # two in a row
            at, who = faults[-1].at + 0.4 * term * chance() ** 2, "same"
        until = min(end, at + (0.5 if chance() < 0.3 else 3 * term) * chance())
        if kind == "etcd restored":
            until = at + term * (1 + chance())
        elif kind.endswith("at a step") or kind.startswith(("request", "answer")):
            until = START + window
        end = max(end, until)
        faults.append(Fault(kind, at, until, who, (chance(), chance(), chance())))
    if chance() < 0.2 and not settings.bootstrap:
        lasting = Fault(draw.choice(LASTING), START + window * chance(), float("inf"), "any", (chance(), chance(), chance()))
        faults.append(lasting)
    return sorted(faults, key=lambda fault: fault.at), end


def _watch(site, thoroughly):
    """All is healed, but for one machine at most: soon one machine holds the VIP, and goes on holding it.

    `thoroughly`: waits as long as it may take, and watches for longer, so that a late move is seen, too.
    """
    world, times = site.world, site.settings.times
    calm = 2 * times.term if thoroughly else 0.6 * times.term
    healed = world.now
    latest = healed + 2 * times.term + 4 * times.poll + ELECTION + SLACK
    begin = latest if thoroughly else healed
    world.run(begin)
    while (holds_from := _well_held_from(site)) is None or world.now < max(holds_from, begin) + calm:
        missed = world.now if holds_from is None else holds_from
        if missed > latest:
            who = world.holder.name if world.holder else "nobody"
            raise Violation(f"{world.now - healed:.2f} s after the heal {who} holds the VIP, since {world.holder_since:.2f}")
        world.run(world.now + 0.25 * calm if holds_from is None else max(holds_from, begin) + calm)


def _well_held_from(site):
    """Since when a machine that should hold the VIP does; None when none does."""
    world = site.world
    return world.holder_since if world.holder is not None and world.holder is not site.victim else None
