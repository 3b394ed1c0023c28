"""What may go wrong, each with its heal."""

from dataclasses import dataclass

from driver import ASSIGN, CHECK, DECIDE, DISARM, REMOVE, SEND, STEPS
from etcd import Aim
from subject import lease


@dataclass(frozen=True)
class Fault:
    kind: str
    at: float
    until: float
    """When it is healed; infinite for what is still wrong when the schedule is judged."""
    who: str
    """holder, other, leader (of etcd) or any, as it is at that time; same: as the fault before."""
    draw: tuple
    """Random numbers in [0, 1), for the fault to choose with."""

    def strike(self, site):
        machine = site.struck = _target(site, self.who, self.draw[0])
        heal = KINDS[self.kind][1](site, machine, self)
        site.world.count(self.kind)
        lasting = self.until == float("inf")
        site.world.tell(machine, f"fault: {self.kind}{', for good' if lasting else ''}")
        if lasting:
            site.victim = machine
        elif heal is not None:
            site.world.at(self.until, self._heal, site, machine, heal)

    def _heal(self, site, machine, heal):
        site.world.tell(machine, f"healed: {self.kind}")
        heal()


def _target(site, who, number):
    machines, holder = site.machines, site.world.holder
    if who == "same" and site.struck is not None:
        return site.struck
    if who == "holder" and holder is not None:
        return holder
    if who == "other":
        others = [machine for machine in machines if machine is not holder]
        return others[int(number * len(others))]
    if who == "leader" and site.etcd.leader is not None:
        return machines[site.etcd.leader]
    return machines[int(number * len(machines))]


# ---- the agent ---------------------------------------------------------------------------------------------------------


def freeze_agent(site, machine, _fault):
    machine.process.stop()
    return machine.process.resume


def freeze_agent_at_a_step(site, machine, fault):
    def frozen(process):
        process.stop()
        pause = 3 * site.settings.times.term * fault.draw[2]
        site.world.at(min(site.world.now + pause, fault.until), process.resume)

    return _trap(machine, fault, frozen)


def kill_agent(site, machine, _fault):
    machine.process.kill("by somebody")


def kill_agent_at_a_step(site, machine, fault):
    return _trap(machine, fault, lambda process: process.kill("by somebody"))


def stop_agent(site, machine, _fault):
    machine.service.stop()
    return machine.service.start


def refuse_address(site, machine, _fault):
    process = machine.process
    process.refused = True

    def heal():
        process.refused = False

    return heal


_steps = STEPS + (DECIDE, SEND, SEND, CHECK, ASSIGN, REMOVE, REMOVE, REMOVE, DISARM)


def _trap(machine, fault, happen):
    process, trap = machine.process, (_steps[int(fault.draw[1] * len(_steps))], happen)
    process.trap = trap

    def heal():
        if process.trap is trap:
            process.trap = None

    return heal


# ---- the machine -------------------------------------------------------------------------------------------------------


def freeze_machine(site, machine, _fault):
    machine.freeze()
    site.etcd.reconsider()

    def heal():
        machine.thaw()
        site.etcd.reconsider()

    return heal


def freeze_machine_at_a_step(site, machine, fault):
    def frozen(_process):
        heal = freeze_machine(site, machine, fault)
        pause = 3 * site.settings.times.term * fault.draw[2]
        site.world.at(min(site.world.now + pause, fault.until), heal)

    return _trap(machine, fault, frozen)


def power_off(site, machine, _fault):
    machine.switch_off()
    site.etcd.stop_member(machine.number)

    def heal():
        machine.switch_on()
        site.etcd.start_member(machine.number)

    return heal


def haproxy_dead(site, machine, _fault):
    return _ail(site, machine, lease.DEAD)


def haproxy_unready(site, machine, _fault):
    return _ail(site, machine, lease.UNREADY)


def _ail(site, machine, ailment):
    def change(by):
        machine.ailments[ailment] += by
        site.health_changed(machine)

    change(1)
    return lambda: change(-1)


def set_wall_clock(site, machine, fault):
    machine.wall_offset += 7200 * (fault.draw[1] - 0.5)


# ---- the network -------------------------------------------------------------------------------------------------------


def deaf(site, machine, _fault):
    return _cut(site, [(other.number, machine.number) for other in site.machines])


def dumb(site, machine, _fault):
    return _cut(site, [(machine.number, other.number) for other in site.machines])


def cut_off(site, machine, _fault):
    one = machine.number
    return _cut(site, [pair for other in site.machines for pair in ((one, other.number), (other.number, one))])


def one_way(site, machine, fault):
    other = site.machines[int(fault.draw[1] * len(site.machines))]
    return _cut(site, [(machine.number, other.number)])


def bridge(site, machine, fault):
    """Two that both see this machine do not see each other."""
    one, other = [peer.number for peer in site.machines if peer is not machine][:2]
    return _cut(site, [(one, other), (other, one)])


def _cut(site, pairs):
    def change(by):
        for source, target in pairs:
            site.network.cut(source, target, by)
        site.etcd.reconsider()

    change(1)
    return lambda: change(-1)


def loss(site, _machine, fault):
    site.network.loss = 0.5 * fault.draw[1]

    def heal():
        site.network.loss = 0.0

    return heal


def slow(site, _machine, fault):
    site.network.slowness = 0.3 * fault.draw[1]

    def heal():
        site.network.slowness = 0.0

    return heal


# ---- etcd --------------------------------------------------------------------------------------------------------------


def depose_leader(site, _machine, _fault):
    site.etcd.depose()


def kill_member(site, machine, _fault):
    site.etcd.stop_member(machine.number)
    return lambda: site.etcd.start_member(machine.number)


def stale_member(site, machine, fault):
    site.etcd.lags[machine.number] = 2 * site.settings.times.term * fault.draw[1]

    def heal():
        site.etcd.lags[machine.number] = 0.0

    return heal


_aims = (None, ("take",), ("renew",), ("transfer",), ("claim",), ("free",), ("take", "claim", "transfer"))


def late_request(site, machine, fault):
    delay = 3 * fault.draw[2] ** 2
    return _aim(site, machine, fault, Aim(_aims[int(fault.draw[1] * len(_aims))], delay, False))


def lost_answer(site, machine, fault):
    return _aim(site, machine, fault, Aim(_aims[int(fault.draw[1] * len(_aims))], 0.0, True))


def _aim(site, machine, fault, aim):
    aims = site.etcd.aims
    aims[machine.number] = aim

    def heal():
        if aims.get(machine.number) is aim:
            del aims[machine.number]

    return heal


def restore(site, _machine, fault):
    """From a snapshot. Before that an operator stops every member, and it takes longer than a term: see `schedule.py`."""
    etcd = site.etcd
    for machine in site.machines:
        etcd.stop_member(machine.number)

    def heal():
        etcd.restore(fault.draw[1])
        for machine in site.machines:
            etcd.start_member(machine.number)

    return heal


# ---- operators ---------------------------------------------------------------------------------------------------------


def hand_over(site, machine, fault):
    targets = [lease.ANY, lease.ANY] + [peer.name for peer in site.machines]
    to = targets[int(fault.draw[1] * len(targets))]
    machine.process.happens(machine.process.lease.hand_over, to)


def change_mark(site, machine, _fault):
    def flip():
        machine.marked = not machine.marked
        machine.process.happens(machine.process.lease.marked_is, machine.marked)

    flip()
    return flip


KINDS = {
    "agent frozen": (8, freeze_agent),
    "agent frozen at a step": (14, freeze_agent_at_a_step),
    "agent killed": (4, kill_agent),
    "agent killed at a step": (4, kill_agent_at_a_step),
    "agent stopped": (6, stop_agent),
    "address refused": (2, refuse_address),
    "machine frozen": (5, freeze_machine),
    "machine frozen at a step": (4, freeze_machine_at_a_step),
    "machine switched off": (5, power_off),
    "HAProxy dead": (4, haproxy_dead),
    "HAProxy unready": (6, haproxy_unready),
    "wall clock set": (3, set_wall_clock),
    "deaf": (5, deaf),
    "dumb": (5, dumb),
    "cut off": (5, cut_off),
    "one way cut": (3, one_way),
    "bridge": (2, bridge),
    "loss": (2, loss),
    "slow network": (3, slow),
    "etcd's leader deposed": (3, depose_leader),
    "etcd member killed": (3, kill_member),
    "etcd member behind": (5, stale_member),
    "request late": (10, late_request),
    "answer lost": (8, lost_answer),
    "etcd restored": (2, restore),
    "hand-over asked for": (12, hand_over),
    "mark changed": (2, change_mark),
}
"""Weight and effect of each. An effect returns its heal, or None where nothing is left to heal."""

LASTING = ("machine frozen", "machine switched off", "HAProxy dead", "HAProxy unready", "deaf", "dumb", "cut off")
"""What a control plane lives with: the others serve meanwhile."""
