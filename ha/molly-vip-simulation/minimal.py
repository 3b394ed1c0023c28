"""A schedule that ends in a violation: without the faults that it does not need, and in few lines."""

import re

from schedule import play

LINES = 40


def smallest(seed, number, parts):
    """Returns the faults, as indexes, that can be left out while the schedule still ends in a violation."""
    without = set()
    for index in range(len(play(seed, number, parts).faults)):
        if play(seed, number, parts, without=without | {index}).violation is not None:
            without.add(index)
    return without


def trace(seed, number, parts, without=()):
    """What happens, as lines."""
    lines = []
    play(seed, number, parts, lines, without)
    return lines


def shortened(lines):
    """The end of it, with renewals that follow one another in one line."""
    kept = []
    for line in lines:
        renewal = _RENEWAL.search(line)
        if renewal and kept and (last := _RENEWAL.search(kept[-1])) and last.group(1) == renewal.group(1):
            kept[-1] = line
        else:
            kept.append(line)
    return kept[-LINES:]


_RENEWAL = re.compile(r"etcd: renew of (\w+): lease = \S+ revision \d+$")
