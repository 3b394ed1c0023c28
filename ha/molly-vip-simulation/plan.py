"""What a schedule consists of, all of it drawn before it begins."""

from dataclasses import dataclass

from faults import AMBUSHES, FOR_GOOD, KINDS, LASTING, OUTLIVED, PAUSES, PROVOCATIONS, Fault
from machine import LATENESS
from subject import lease

START = 0.05
"""Seconds after which the first fault may strike: the agents run, and one is about to take the VIP."""

def _weighted(kinds):
    return list(kinds), [weight for weight, _ in kinds.values()]


_USUAL = _weighted(KINDS)
_WITH_PAUSES = _weighted({kind: chosen for kind, chosen in {**KINDS, **PAUSES}.items() if kind != OUTLIVED})


@dataclass(frozen=True)
class Settings:
    size: int
    times: lease.Times
    preferred: int | None
    """The number of the machine that the site prefers."""
    failback: bool
    bootstrap: bool
    """Whether etcd does not exist yet, and the first machine holds the VIP by an operator's override until it does."""
    lease: tuple
    """(value, revision) as an earlier life left it; no value: absent."""
    claim: tuple
    delay: float
    """Seconds that a packet takes, on average."""
    lateness: float
    """Seconds that the kernel may be late with the kill timer."""


def settings(draw, pauses):
    """Such as a site may have, and what an earlier life left in etcd."""
    # Nobody can fence a machine that the site does not know.
    gone = "kube1" if pauses else "kube9"
    term = draw.choice((0.5, 0.5, 0.7, 1.0, 1.0, 2.0))
    return Settings(
        size=draw.choices((3, 5), (9, 1))[0],
        times=lease.Times(
            term,
            renew=term * draw.uniform(0.12, 0.2),
            poll=term * draw.uniform(0.15, 0.25),
            hurry=draw.choice((0.01, 0.03, 0.03)),
            proof=term,
        ),
        preferred=draw.choice((0, 1, None)),
        failback=draw.random() < 0.15,
        bootstrap=draw.random() < 0.04,
        lease=(draw.choice(("free:kube9:1", "free:kube9:1", "free:kube9:1", "held:kube0:1", f"held:{gone}:1", "")), 4),
        claim=(draw.choice(("", "ready:kube1:1", "wanted:*:1")), draw.choice((3, 5))),
        delay=draw.choice((0.0005, 0.002, 0.01)),
        lateness=LATENESS * draw.choice((0, 0, 0, 1)),
    )


def faults(draw, chosen, pauses):
    """Some at random times, and when the last of them is healed, but for one that may stay for good."""
    kinds, weights = _WITH_PAUSES if pauses else _USUAL
    chance, term = draw.random, chosen.times.term
    end = START + term * draw.uniform(1.2, 8 if pauses else 3.2)  # a fence takes longer than a term
    planned, kind, at = [], None, START
    for _ in range(1 + int(7 * chance() ** 1.5)):
        if kind in AMBUSHES and chance() < 0.6:
            kind, who, at = draw.choice(PROVOCATIONS), draw.choice(("same", "holder")), at + 0.3 * term * chance()
        else:
            [kind] = draw.choices(kinds, weights)
            who, at = draw.choice(_WHO_LIES_IN_WAIT if kind in AMBUSHES else _WHO), _moment(draw, end)
        planned.append(Fault(kind, at, _healed(draw, kind, at, end, term), who, (chance(), chance(), chance())))
    end = max(end, *(fault.until for fault in planned))
    if chance() < 0.2 and not chosen.bootstrap:
        planned.append(Fault(draw.choice(LASTING), _moment(draw, end), FOR_GOOD, "any", (chance(), chance(), chance())))
    return sorted(planned, key=lambda fault: fault.at), end


_WHO = ("holder", "holder", "other", "leader", "any")
_WHO_LIES_IN_WAIT = ("holder", "other")


def _moment(draw, end):
    return START + 0.8 * (end - START) * draw.random()


def _healed(draw, kind, at, end, term):
    if kind in AMBUSHES:
        return end + draw.choice((0, 0, term))  # what it does to whom may last long enough to matter
    if kind == "etcd restored":
        return at + term * draw.uniform(1, 2)  # it takes longer than a term: no holder is left from before
    if kind in PAUSES:
        return at + term * draw.uniform(0.5, 6)  # others take a term to take over, and longer to fence
    return min(end, at + draw.choice((0.5, 3 * term, 3 * term)) * draw.random())
