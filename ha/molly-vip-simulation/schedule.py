"""One schedule: a cluster, a few faults with their heals, and what must be true during and after them."""

import random
from collections import namedtuple

import cluster
from faults import AMBUSHES, KINDS, LASTING, PROVOCATIONS, Fault
from world import Violation, World

Outcome = namedtuple("Outcome", "violation counts seconds faults")
"""`violation`: None or text. `seconds`: of simulated time. `faults`: the whole plan."""

START = 0.05
"""Seconds after which the first fault may strike: the agents run, and one is about to take the VIP."""

ELECTION = 1.5 + 0.5
"""Seconds: etcd's election, and what a request may wait after it."""

SLACK = 2.0
"""Seconds for what else may be under way: a restart, a hand-over that nobody takes, a request that is still late."""

_weights = [weight for weight, _ in KINDS.values()]
_kinds = list(KINDS)


def play(seed, number, parts, trace=None, without=()):
    """Plays schedule `number` of `seed`, always the same way. `without`: indexes of faults to leave out."""
    draw = random.Random(seed * 1_000_003 + number)
    settings = cluster.draw(draw.random)
    faults, end = _plan(draw, settings)
    world = World(random.Random(draw.random()).random, trace)
    violation = None
    try:
        cluster = cluster.Cluster(world, settings, parts)
        for index, fault in enumerate(faults):
            if index not in without:
                world.at(fault.at, fault.strike, cluster)
        world.run(end)
        _watch(cluster, thoroughly=draw.random() < 0.03)
    except Violation as seen:
        violation = str(seen)
        world.tell(None, violation)
    return Outcome(violation, world.counts, world.now, faults)


def _plan(draw, settings):
    """Some faults at random times, and when the last of them is healed."""
    chance, term = draw.random, settings.times.term
    end = START + term * (1.2 + 2 * chance())
    faults, kind = [], None
    for _ in range(1 + int(7 * chance() ** 1.5)):
        if kind in AMBUSHES and chance() < 0.6:
            kind, who, at = draw.choice(PROVOCATIONS), draw.choice(("same", "holder")), at + 0.3 * term * chance()
        else:
            [kind] = draw.choices(_kinds, _weights)
            who = draw.choice(("holder", "other") if kind in AMBUSHES else ("holder", "holder", "other", "leader", "any"))
            at = START + 0.8 * (end - START) * chance()
        if kind in AMBUSHES:
            until = end + (term if chance() < 0.4 else 0)  # what it does to whom may last long enough to matter
        elif kind == "etcd restored":
            until = at + term * (1 + chance())
        else:
            until = min(end, at + (0.5 if chance() < 0.3 else 3 * term) * chance())
        faults.append(Fault(kind, at, until, who, (chance(), chance(), chance())))
    end = max(end, *(fault.until for fault in faults))
    if chance() < 0.2 and not settings.bootstrap:
        lasting = Fault(draw.choice(LASTING), START + 0.8 * (end - START) * chance(), float("inf"), "any", (chance(), chance(), chance()))
        faults.append(lasting)
    return sorted(faults, key=lambda fault: fault.at), end


def _watch(cluster, thoroughly):
    """All is healed, but for one machine at most: soon one machine holds the VIP, and goes on holding it.

    `thoroughly`: waits as long as it may take, and watches for longer, so that a late move is seen, too.
    """
    world, times = cluster.world, cluster.settings.times
    calm = 2 * times.term if thoroughly else 0.5 * times.term
    healed = world.now
    latest = healed + 2 * times.term + 4 * times.poll + ELECTION + SLACK
    begin = latest if thoroughly else healed
    world.run(begin)
    while (holds_from := _well_held_from(cluster)) is None or world.now < max(holds_from, begin) + calm:
        missed = world.now if holds_from is None else holds_from
        if missed > latest:
            who = world.holder.name if world.holder else "nobody"
            raise Violation(f"{world.now - healed:.2f} s after the heal {who} holds the VIP, since {world.holder_since:.2f}")
        world.run(world.now + 0.25 * calm if holds_from is None else max(holds_from, begin) + calm)


def _well_held_from(cluster):
    """Since when a machine that should hold the VIP does; None when none does."""
    world = cluster.world
    return world.holder_since if world.holder is not None and world.holder is not cluster.victim else None
