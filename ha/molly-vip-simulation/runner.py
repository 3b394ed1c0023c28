"""Many schedules, on all processors. What is found does not depend on how many there are."""

import gc
import os
from functools import partial
from multiprocessing import Pool

from mistakes import parts_of
from schedule import play

CHUNK = 100


class Run:
    """What a run found: the first violation, if any, and how often what happened until then."""

    def __init__(self):
        self.violation = None
        """(number of the schedule, text)"""
        self.schedules, self.seconds, self.counts = 0, 0.0, {}


def run(seed, schedules, mistake=None, pauses=False):
    """Plays schedules 0 to `schedules` - 1, and ends at the first violation."""
    found = Run()
    starts = range(0, schedules, CHUNK)
    with Pool(os.cpu_count(), _prepare) as pool:
        for violation, played, seconds, counts in pool.imap(partial(_chunk, seed, schedules, mistake, pauses), starts):
            found.schedules += played
            found.seconds += seconds
            for what, times in counts.items():
                found.counts[what] = found.counts.get(what, 0) + times
            if violation is not None:
                found.violation = violation
                break
    return found


def _prepare():
    gc.set_threshold(100_000, 50, 50)  # what a schedule made is thrown away whole


def _chunk(seed, schedules, mistake, pauses, start):
    counts, seconds = {}, 0.0
    for number in range(start, min(start + CHUNK, schedules)):
        try:
            outcome = play(seed, number, parts_of(mistake, pauses))
        except Exception as error:
            error.add_note(f"seed {seed}, schedule {number}")
            raise
        seconds += outcome.seconds
        for what, times in outcome.counts.items():
            counts[what] = counts.get(what, 0) + times
        if outcome.violation is not None:
            return (number, outcome.violation), number + 1 - start, seconds, counts
    return None, min(CHUNK, schedules - start), seconds, counts
