"""What faults do. Each function strikes a machine, and returns what heals it, or None where nothing is left to heal."""

from driver import ARM, ASSIGN, CHECK, DECIDE, DISARM, END, FENCE, REMOVE, SEND, Trap
from etcd import Aim
from subject import lease

# ---- the agent -------------------------------------------------------------------------------------------------------


def freeze_agent(cluster, machine, _fault):
    machine.process.stop()
    return machine.process.resume


def freeze_agent_at_a_step(cluster, machine, fault, steps=None):
    def frozen(process):
        process.stop()
        _heal_later(cluster, fault, process.resume)

    return _trap(machine, fault, frozen, steps or _STEPS)


def freeze_agent_that_fences(cluster, machine, fault):
    return freeze_agent_at_a_step(cluster, machine, fault, ((FENCE, None),))


def kill_agent_that_fences(cluster, machine, fault):
    return _trap(machine, fault, lambda process: process.kill("by somebody"), ((FENCE, None),))


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
    *((step, None) for step in (ARM, ARM, CHECK, CHECK, ASSIGN, REMOVE, REMOVE, DISARM, DISARM, END)),
)



def _trap(machine, fault, happen, steps=_STEPS):
    process, trap = machine.process, Trap(*steps[int(fault.draw[1] * len(steps))], happen)
    process.trap = trap

    def heal():
        if process.trap is trap:
            process.trap = None

    return heal


def _heal_later(cluster, fault, heal):
    """For what strikes at a step: it lasts up to three terms, and no longer than the fault."""
    pause = 3 * cluster.settings.times.term * fault.draw[2]
    cluster.world.at(min(cluster.world.now + pause, fault.until), heal)


# ---- the machine -----------------------------------------------------------------------------------------------------


def freeze_machine(cluster, machine, _fault):
    machine.freeze()
    cluster.etcd.reconsider()

    def heal():
        machine.thaw()
        cluster.etcd.reconsider()

    return heal


def freeze_machine_at_a_step(cluster, machine, fault):
    return _trap(machine, fault, lambda _process: _heal_later(cluster, fault, freeze_machine(cluster, machine, fault)))


def pause_guest(cluster, machine, _fault):
    """What ends a pause ends none that a stop has ended before."""
    machine.pause()
    boots = machine.boots
    cluster.etcd.reconsider()

    def heal():
        if machine.boots == boots:
            machine.resume()
            cluster.etcd.reconsider()

    return heal


def pause_guest_at_a_step(cluster, machine, fault):
    return _trap(machine, fault, lambda _process: _heal_later(cluster, fault, pause_guest(cluster, machine, fault)))


def proxmox_away(cluster, machine, _fault):
    machine.proxmox.away += 1

    def heal():
        machine.proxmox.away -= 1

    return heal


def lose_server(cluster, machine, fault):
    machine.server_lost = True
    switch_on = power_off(cluster, machine, fault)

    def heal():
        machine.server_lost = False
        switch_on()

    return heal


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


# ---- the network -----------------------------------------------------------------------------------------------------


def deaf(cluster, machine, _fault):
    return _cut(cluster, [(other.number, machine.number) for other in cluster.machines])


def dumb(cluster, machine, _fault):
    return _cut(cluster, [(machine.number, other.number) for other in cluster.machines])


def cut_off(cluster, machine, _fault):
    one = machine.number
    return _cut(cluster, [pair for other in cluster.machines for pair in ((one, other.number), (other.number, one))])


def partition(cluster, _machine, fault):
    """Into two: which machine is on which side is as the digits of a binary number tell."""
    sides = int(fault.draw[1] * 2 ** len(cluster.machines))
    numbers = range(len(cluster.machines))
    return _cut(cluster, [(one, other) for one in numbers for other in numbers if (sides >> one ^ sides >> other) & 1])


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


# ---- etcd ------------------------------------------------------------------------------------------------------------


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


def late_clear(cluster, machine, fault):
    return _aim(cluster, machine, fault, Aim(("clear",), 3 * fault.draw[2] ** 2, False))


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
    """From a snapshot. Before that an operator stops every member; it takes longer than a term, `plan.py` says."""
    etcd = cluster.etcd
    for machine in cluster.machines:
        etcd.stop_member(machine.number)

    def heal():
        etcd.restore(fault.draw[1])
        for machine in cluster.machines:
            etcd.start_member(machine.number)

    return heal


# ---- operators -------------------------------------------------------------------------------------------------------


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
