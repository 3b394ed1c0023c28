"""What may go wrong, each with its heal."""

from dataclasses import dataclass

from driver import ARM, ASSIGN, CHECK, DECIDE, DISARM, END, REMOVE, SEND, Trap
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

    def strike(self, cluster):
        machine = cluster.struck = _target(cluster, self.who, self.draw[0])
        heal = KINDS[self.kind][1](cluster, machine, self)
        cluster.world.count(self.kind)
        lasting = self.until == float("inf")
        cluster.world.tell(machine, f"fault: {self.kind}{', for good' if lasting else ''}")
        if lasting:
            cluster.victim = machine
        elif heal is not None:
            cluster.world.at(self.until, self._heal, cluster, machine, heal)

    def _heal(self, cluster, machine, heal):
        cluster.world.tell(machine, f"healed: {self.kind}")
        heal()


def _target(cluster, who, number):
    machines, holder = cluster.machines, cluster.world.holder
    if who == "same" and cluster.struck is not None:
        return cluster.struck
    if who == "holder" and holder is not None:
        return holder
    if who == "other":
        others = [machine for machine in machines if machine is not holder]
        return others[int(number * len(others))]
    if who == "leader" and cluster.etcd.leader is not None:
        return machines[cluster.etcd.leader]
    return machines[int(number * len(machines))]


# ---- the agent ---------------------------------------------------------------------------------------------------------


def freeze_agent(cluster, machine, _fault):
    machine.process.stop()
    return machine.process.resume


def freeze_agent_at_a_step(cluster, machine, fault):
    def frozen(process):
        process.stop()
        pause = 3 * cluster.settings.times.term * fault.draw[2]
        cluster.world.at(min(cluster.world.now + pause, fault.until), process.resume)

    return _trap(machine, fault, frozen)


def kill_agent(cluster, machine, _fault):
    machine.process.kill("by somebody")


def kill_agent_at_a_step(cluster, machine, fault):
    return _trap(machine, fault, lambda process: process.kill("by somebody"))


def stop_agent(cluster, machine, _fault):
    cluster.world.wanted = True
    machine.service.stop()
    return machine.service.start


def refuse_address(cluster, machine, _fault):
    process = machine.process
    process.refused = True

    def heal():
        process.refused = False

    return heal


_STEPS = (
    *((DECIDE, kind) for kind in (None, "look", "take", "take", "renew")),
    *((SEND, kind) for kind in (None, "take", "renew", "claim", "transfer", "free")),
    *((step, None) for step in (ARM, CHECK, ASSIGN, REMOVE, REMOVE, DISARM, DISARM, END)),
)


def _trap(machine, fault, happen):
    process, trap = machine.process, Trap(*_STEPS[int(fault.draw[1] * len(_STEPS))], happen)
    process.trap = trap

    def heal():
        if process.trap is trap:
            process.trap = None

    return heal


# ---- the machine -------------------------------------------------------------------------------------------------------


def freeze_machine(cluster, machine, _fault):
    machine.freeze()
    cluster.etcd.reconsider()

    def heal():
        machine.thaw()
        cluster.etcd.reconsider()

    return heal


def freeze_machine_at_a_step(cluster, machine, fault):
    def frozen(_process):
        heal = freeze_machine(cluster, machine, fault)
        pause = 3 * cluster.settings.times.term * fault.draw[2]
        cluster.world.at(min(cluster.world.now + pause, fault.until), heal)

    return _trap(machine, fault, frozen)


def power_off(cluster, machine, _fault):
    machine.switch_off()
    cluster.etcd.stop_member(machine.number)

    def heal():
        machine.switch_on()
        cluster.etcd.start_member(machine.number)

    return heal


def haproxy_dead(cluster, machine, _fault):
    return _ail(cluster, machine, lease.DEAD)


def haproxy_unready(cluster, machine, _fault):
    cluster.world.wanted = True
    return _ail(cluster, machine, lease.UNREADY)


def _ail(cluster, machine, ailment):
    def change(by):
        machine.ailments[ailment] += by
        cluster.health_changed(machine)

    change(1)
    return lambda: change(-1)


def set_wall_clock(cluster, machine, fault):
    machine.wall_offset += 7200 * (fault.draw[1] - 0.5)


# ---- the network -------------------------------------------------------------------------------------------------------


def deaf(cluster, machine, _fault):
    return _cut(cluster, [(other.number, machine.number) for other in cluster.machines])


def dumb(cluster, machine, _fault):
    return _cut(cluster, [(machine.number, other.number) for other in cluster.machines])


def cut_off(cluster, machine, _fault):
    one = machine.number
    return _cut(cluster, [pair for other in cluster.machines for pair in ((one, other.number), (other.number, one))])


def one_way(cluster, machine, fault):
    other = cluster.machines[int(fault.draw[1] * len(cluster.machines))]
    return _cut(cluster, [(machine.number, other.number)])


def bridge(cluster, machine, fault):
    """Two that both see this machine do not see each other."""
    one, other = [peer.number for peer in cluster.machines if peer is not machine][:2]
    return _cut(cluster, [(one, other), (other, one)])


def _cut(cluster, pairs):
    def change(by):
        for source, target in pairs:
            cluster.network.cut(source, target, by)
        cluster.etcd.reconsider()

    change(1)
    return lambda: change(-1)


def loss(cluster, _machine, fault):
    cluster.network.loss = 0.5 * fault.draw[1]

    def heal():
        cluster.network.loss = 0.0

    return heal


def slow(cluster, _machine, fault):
    cluster.network.slowness = 0.3 * fault.draw[1]

    def heal():
        cluster.network.slowness = 0.0

    return heal


# ---- etcd --------------------------------------------------------------------------------------------------------------


def depose_leader(cluster, _machine, _fault):
    cluster.etcd.depose()


def kill_member(cluster, machine, _fault):
    cluster.etcd.stop_member(machine.number)
    return lambda: cluster.etcd.start_member(machine.number)


def stale_member(cluster, machine, fault):
    cluster.etcd.lags[machine.number] = 2 * cluster.settings.times.term * fault.draw[1]

    def heal():
        cluster.etcd.lags[machine.number] = 0.0

    return heal


_aims = (None, ("take",), ("renew",), ("transfer",), ("claim",), ("free",), ("take", "claim", "transfer"))


def late_request(cluster, machine, fault):
    delay = 3 * fault.draw[2] ** 2
    return _aim(cluster, machine, fault, Aim(_aims[int(fault.draw[1] * len(_aims))], delay, False))


def lost_answer(cluster, machine, fault):
    return _aim(cluster, machine, fault, Aim(_aims[int(fault.draw[1] * len(_aims))], 0.0, True))


def _aim(cluster, machine, fault, aim):
    aims = cluster.etcd.aims
    aims[machine.number] = aim

    def heal():
        if aims.get(machine.number) is aim:
            del aims[machine.number]

    return heal


def restore(cluster, _machine, fault):
    """From a snapshot. Before that an operator stops every member, and it takes longer than a term: see `schedule.py`."""
    etcd = cluster.etcd
    for machine in cluster.machines:
        etcd.stop_member(machine.number)

    def heal():
        etcd.restore(fault.draw[1])
        for machine in cluster.machines:
            etcd.start_member(machine.number)

    return heal


# ---- operators ---------------------------------------------------------------------------------------------------------


def hand_over(cluster, machine, fault):
    cluster.world.wanted = True
    targets = [lease.ANY, lease.ANY] + [peer.name for peer in cluster.machines]
    to = targets[int(fault.draw[1] * len(targets))]
    machine.process.happens(machine.process.lease.hand_over, to)


def change_mark(cluster, machine, _fault):
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

AMBUSHES = tuple(kind for kind in KINDS if kind.endswith("at a step")) + ("request late", "answer lost", "etcd member behind")
"""What waits for a moment to come …"""

PROVOCATIONS = ("hand-over asked for", "HAProxy dead", "HAProxy unready", "agent stopped", "agent killed", "agent frozen")
"""… and what brings such moments about."""

LASTING = ("machine frozen", "machine switched off", "HAProxy dead", "HAProxy unready", "deaf", "dumb", "cut off")
"""What a control plane lives with: the others serve meanwhile."""
