"""What may go wrong, each with its heal."""

from dataclasses import dataclass

import effects


FOR_GOOD = float("inf")


@dataclass(frozen=True)
class Fault:
    kind: str
    at: float
    until: float
    """When it is healed; FOR_GOOD for what is still wrong when the schedule is judged."""
    who: str
    """holder, other, leader (of etcd) or any, as it is at that time; same: as the fault before."""
    draw: tuple
    """Random numbers in [0, 1), for the fault to choose with."""

    def strike(self, cluster):
        world = cluster.world
        machine = cluster.struck = _target(cluster, self.who, self.draw[0])
        lasting = self.until == FOR_GOOD
        world.count(self.kind)
        world.tell(machine, f"fault: {self.kind}{', for good' if lasting else ''}")
        _, effect = KINDS.get(self.kind) or PAUSES[self.kind]
        heal = effect(cluster, machine, self)
        if lasting:
            cluster.victim = machine
        elif heal is not None:
            world.at(self.until, self._heal, cluster, machine, heal)

    def _heal(self, cluster, machine, heal):
        cluster.world.tell(machine, f"healed: {self.kind}")
        heal()


KINDS = {
    "agent frozen": (8, effects.freeze_agent),
    "agent frozen at a step": (14, effects.freeze_agent_at_a_step),
    "agent killed": (4, effects.kill_agent),
    "agent killed at a step": (4, effects.kill_agent_at_a_step),
    "agent stopped": (6, effects.stop_agent),
    "address refused": (2, effects.refuse_address),
    "machine frozen": (5, effects.freeze_machine),
    "machine frozen at a step": (4, effects.freeze_machine_at_a_step),
    "machine switched off": (5, effects.power_off),
    "HAProxy dead": (4, effects.haproxy_dead),
    "HAProxy unready": (6, effects.haproxy_unready),
    "wall clock set": (3, effects.set_wall_clock),
    "deaf": (5, effects.deaf),
    "dumb": (5, effects.dumb),
    "cut off": (5, effects.cut_off),
    "partition": (2, effects.partition),
    "one way cut": (3, effects.one_way),
    "bridge": (2, effects.bridge),
    "loss": (2, effects.loss),
    "slow network": (3, effects.slow),
    "etcd's leader deposed": (3, effects.depose_leader),
    "etcd member killed": (3, effects.kill_member),
    "etcd member behind": (5, effects.stale_member),
    "request late": (10, effects.late_request),
    "answer lost": (8, effects.lost_answer),
    "etcd restored": (2, effects.restore),
    "hand-over asked for": (12, effects.hand_over),
    "mark changed": (2, effects.change_mark),
}
"""How often each is drawn, compared with the others, and what it does."""

PAUSES = {
    "guest paused": (40, effects.pause_guest),
    "guest paused at a step": (20, effects.pause_guest_at_a_step),
    "agent frozen as it fences": (20, effects.freeze_agent_that_fences),
    "agent killed as it fences": (10, effects.kill_agent_that_fences),
    "clear late": (10, effects.late_clear),
    "Proxmox's API away": (30, effects.proxmox_away),
    "server lost": (5, effects.lose_server),
}
"""What else there is where hypervisors pause guests and stop their clocks: only fencing is a match for that."""

OUTLIVED = "etcd restored"
"""Not with pauses: a holder that is paused for longer than a restore takes may be one that no snapshot knows of."""

AMBUSHES = (
    "agent frozen at a step",
    "agent killed at a step",
    "machine frozen at a step",
    "guest paused at a step",
    "agent frozen as it fences",
    "agent killed as it fences",
    "clear late",
    "request late",
    "answer lost",
    "etcd member behind",
)
"""What waits for a moment to come …"""

PROVOCATIONS = (
    "hand-over asked for",
    "HAProxy dead",
    "HAProxy unready",
    "agent stopped",
    "agent killed",
    "agent frozen",
)
"""… and what brings such moments about."""

LASTING = ("machine frozen", "machine switched off", "HAProxy dead", "HAProxy unready", "deaf", "dumb", "cut off")
"""What a control plane lives with: the others serve meanwhile."""


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
