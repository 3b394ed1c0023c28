"""One schedule: a cluster, a few faults with their heals, and what must be true during and after them."""

import random
from collections import namedtuple

import plan
from cluster import Cluster
from world import Violation, World

Outcome = namedtuple("Outcome", "violation counts seconds faults")
"""`violation`: None or text. `seconds`: of simulated time. `faults`: the whole plan."""

ELECTION = 1.5 + 0.5
"""Seconds: etcd's election, and what a request may wait after it."""

SLACK = 2.0
"""Seconds for what else may be under way: a restart, a hand-over that nobody takes, a request that is still late."""

FENCING = 8.0
"""Seconds more where a holder is fenced: until a stop came about and was seen, and one that nobody undid is undone."""

THOROUGHLY = 0.03
"""The share of schedules that are watched for long after the heal."""


def play(seed, number, parts, trace=None, without=()):
    """Plays schedule `number` of `seed`, always the same way. `without`: indexes of faults to leave out."""
    draw = random.Random(seed * 1_000_003 + number)
    pauses = parts.proxmox is not None
    settings = plan.settings(draw, pauses)
    faults, end = plan.faults(draw, settings, pauses)
    world = World(random.Random(draw.random()).random, trace)
    cluster = Cluster(world, settings, parts)
    violation = None
    try:
        for index, fault in enumerate(faults):
            if index not in without:
                world.at(fault.at, fault.strike, cluster)
        world.run(end)
        _watch(cluster, FENCING if parts.proxmox else 0.0, thoroughly=draw.random() < THOROUGHLY)
    except Violation as seen:
        violation = str(seen)
        world.tell(None, violation)
    return Outcome(violation, world.counts, world.now, faults)


def _watch(cluster, allowance, thoroughly):
    """All is healed, but for one machine at most: soon one machine holds the VIP, and goes on holding it.

    `allowance`: seconds that it may take longer.
    `thoroughly`: waits as long as it may take, and watches for longer, so that a late move is seen, too.
    """
    world, times = cluster.world, cluster.settings.times
    calm = 2 * times.term if thoroughly else 0.5 * times.term
    healed = world.now
    latest = healed + 2 * times.term + 4 * times.poll + ELECTION + SLACK + allowance
    begin = latest if thoroughly else healed
    world.run(begin)
    while (holds_from := _well_held_from(cluster)) is None or world.now < max(holds_from, begin) + calm:
        missed = world.now if holds_from is None else holds_from
        if missed > latest:
            holder = world.holder.name if world.holder else "nobody"
            since = f"since {world.holder_since:.2f}"
            raise Violation(f"{world.now - healed:.1f} s after the heal {holder} has the VIP, {since}")
        world.run(world.now + 0.25 * calm if holds_from is None else max(holds_from, begin) + calm)


def _well_held_from(cluster):
    """Since when a machine that should hold the VIP does; None when none does."""
    world = cluster.world
    return world.holder_since if world.holder is not None and world.holder is not cluster.victim else None
