"""Drives `ha/molly-vip/lease.py` through random schedules of faults, and looks for two holders, or none for too long.

Everything is simulated in one thread, in true time: clocks that differ, a network, etcd, systemd, HAProxy, operators,
and a kernel that freezes and kills. A schedule is a few faults with their heals; its number and the seed fix all of it.

Looked for, at every instant: two machines with the VIP; a hand-over that nobody wants; an agent that turns in circles.
And after the heal: that one machine holds the VIP within the bound of `schedule.py`, and goes on holding it.

Taken for granted: clocks and kernel within the bounds of `machine.py`; an etcd that loses nothing it has confirmed but
by a restore, before which every member is stopped for longer than a term; an override only where no other can hold.

Read on in world, machine, network, store, etcd, proxmox, driver, service, cluster; then effects, faults, plan, schedule; then
mistakes.

    python3 ha/molly-vip-simulation                                many schedules, from a seed that is printed
    python3 ha/molly-vip-simulation --seed 7 --schedule 42         one of them, with all that happens in it
    python3 ha/molly-vip-simulation --pauses                       with hypervisors that pause guests, and fencing
    python3 ha/molly-vip-simulation --mistake takes-early          whether a planned mistake is seen, and how
    python3 ha/molly-vip-simulation --mistake all                  whether each of them is

Exit codes: 0 nothing was found, or each planned mistake was; 1 otherwise; 2 wrong usage.
"""

import argparse
import sys
import time

sys.dont_write_bytecode = True  # no compiled files beside those that are rendered to the machines

import minimal
import runner
from mistakes import MISTAKES, parts_of
from schedule import play


def search(seed, schedules, pauses):
    began = time.monotonic()
    found = runner.run(seed, schedules, pauses=pauses)
    took = time.monotonic() - began
    print(f"seed {seed}: {found.schedules} schedules, {found.seconds:.0f} s of simulated time, in {took:.0f} s")
    for what, times in sorted(found.counts.items(), key=lambda item: -item[1]):
        print(f"  {times:8} {what}")
    if found.violation is None:
        print("0 violations")
        return 0
    explain(seed, *found.violation, pauses=pauses)
    return 1


def explain(seed, number, violation, mistake=None, pauses=False):
    """Prints the fewest faults that lead there, and what happens."""
    parts = parts_of(mistake, pauses)
    without = minimal.smallest(seed, number, parts)
    print(f"seed {seed}, schedule {number}: {violation}. With as few of its faults as it takes:")
    print("\n".join(minimal.shortened(minimal.trace(seed, number, parts, without))))
    print(f"all of it: python3 ha/molly-vip-simulation --seed {seed} --schedule {number}"
          f"{f' --mistake {mistake}' if mistake else ''}{' --pauses' if pauses else ''}")


def expose(seed, schedules, mistake):
    found = runner.run(seed, schedules, mistake)
    print(f"{mistake}: {MISTAKES[mistake].__doc__}")
    if found.violation is None:
        print(f"NOT SEEN in {found.schedules} schedules of seed {seed}")
        return 1
    explain(seed, *found.violation, mistake)
    return 0


def expose_all(seed, schedules):
    missed = 0
    print(f"seed {seed}, at most {schedules} schedules each")
    for mistake, mistaken in MISTAKES.items():
        found = runner.run(seed, schedules, mistake)
        missed += found.violation is None
        number, seen = found.violation or ("NOT SEEN", "")
        print(f"{mistake:24} {number:>8}  {seen:34} {mistaken.__doc__}", flush=True)
    print(f"{len(MISTAKES) - missed} of {len(MISTAKES)} planned mistakes seen")
    return min(missed, 1)


def replay(seed, number, mistake, pauses):
    lines = []
    outcome = play(seed, number, parts_of(mistake, pauses), lines)
    print("\n".join(lines))
    return 0 if outcome.violation is None else 1


def main():
    parser = argparse.ArgumentParser(prog="molly-vip-simulation", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1000 % 10**9)
    parser.add_argument("--schedules", type=int, default=100_000, metavar="N")
    parser.add_argument("--schedule", type=int, metavar="K", help="play this one and print what happens")
    parser.add_argument("--mistake", choices=("all", *MISTAKES), metavar="NAME", help=f"all, {', '.join(MISTAKES)}")
    parser.add_argument("--pauses", action="store_true", help="hypervisors pause guests and stop their clocks; agents fence")
    options = parser.parse_args()
    if options.schedule is not None:
        return replay(options.seed, options.schedule, options.mistake, options.pauses)
    if options.mistake == "all":
        return expose_all(options.seed, options.schedules)
    if options.mistake is not None:
        return expose(options.seed, options.schedules, options.mistake)
    return search(options.seed, options.schedules, options.pauses)


if __name__ == "__main__":
    sys.exit(main())
