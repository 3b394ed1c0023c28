"""One control plane to experiment with: machines, network, etcd, and how it is set up."""

from dataclasses import dataclass

from etcd import Etcd
from machine import LATENESS
from network import Network
from subject import lease
from world import Violation


@dataclass(frozen=True)
class Settings:
    size: int
    times: lease.Times
    preferred: int | None
    """The number of the machine that the site prefers."""
    failback: bool
    bootstrap: bool
    """Whether etcd does not exist yet, and the first machine holds the VIP by an operator's override until it does."""
    keys: tuple
    """(value, revision) of the lease and of the claim, as an earlier life left them; an empty value for an absent key."""
    delay: float
    """Seconds that a packet takes, on average."""
    lateness: float
    """Seconds that the kernel may be late with the kill timer."""


def draw(chance):
    """Settings that a site may have, and what an earlier life left in etcd."""

    def one_of(*choices):
        return choices[int(chance() * len(choices))]

    term = one_of(0.5, 0.5, 0.7, 1.0, 1.0, 2.0)
    renew, poll = term * (0.12 + 0.08 * chance()), term * (0.15 + 0.1 * chance())
    size = 5 if chance() < 0.1 else 3
    free = "free:kube9:1"
    return Settings(
        size=size,
        times=lease.Times(term, renew, poll, hurry=one_of(0.01, 0.03, 0.03), proof=term),
        preferred=one_of(0, 1, None),
        failback=chance() < 0.15,
        bootstrap=chance() < 0.04,
        keys=((one_of(free, free, free, "held:kube0:1", "held:kube9:1", ""), 4), (one_of("", "ready:kube1:1", "wanted:*:1"), one_of(3, 5))),
        delay=one_of(0.0005, 0.002, 0.01),
        lateness=LATENESS * one_of(0, 0, 0, 1),
    )


class Cluster:
    __slots__ = ("world", "settings", "machines", "network", "etcd", "victim", "struck")

    def __init__(self, world, settings, parts):
        self.world, self.settings = world, settings
        self.machines = [parts.machine(world, number, settings.lateness) for number in range(settings.size)]
        self.network = Network(world, settings.size, settings.delay)
        keys = [lease.Key(value, revision) if value else lease.Key() for value, revision in settings.keys]
        self.etcd = Etcd(world, self.machines, self.network, *keys, 5)
        world.wanted = settings.failback
        self.struck = None
        """The machine that the last fault struck."""
        self.victim = None
        """The machine that is not healed in the end."""
        for machine in self.machines:
            parts.service(machine, self.etcd, parts, settings).boot()
            machine.marked = machine.number == settings.preferred
        if settings.bootstrap:
            self._bootstrap()

    # ---- before there is an etcd ---------------------------------------------------------------------------------------

    def _bootstrap(self):
        """kubeadm init: only the first machine has certificates, an operator had it hold the VIP, etcd comes later."""
        world, first = self.world, self.machines[0]
        for machine in self.machines[1:]:
            machine.certified = False
        for machine in self.machines:
            self.etcd.stop_member(machine.number)
        first.ailments[lease.UNREADY] += 1
        world.wanted = True
        world.at(world.between(0.4, 0.8), self._override, first)

    def _override(self, first):
        """`molly-vip override on`, which an operator repeats until it is in force."""
        if first.process.alive and first.process.lease.overriding:
            self.world.at(self.world.now + self.world.between(0.05, 0.8), self._etcd_appears, first, first.process)
        else:
            first.process.happens(first.process.lease.override, True)
            self.world.at(self.world.now + 0.1, self._override, first)

    def _etcd_appears(self, first, overriding):
        for machine in self.machines:
            self.etcd.start_member(machine.number)
        first.ailments[lease.UNREADY] -= 1
        self.health_changed(first)
        self._others_join(first, overriding)

    def _others_join(self, first, overriding):
        """kubeadm join comes when kubeadm init is done, long after the first machine's term has replaced its override."""
        decisions = overriding.lease
        if overriding.alive and not decisions.holding and not decisions.renewed and not decisions.stopping:
            raise Violation("the override ended before a term replaced it")
        if overriding.alive and decisions.overriding or first.has_address and not first.fenced:
            self.world.at(self.world.now + 0.2, self._others_join, first, overriding)
        else:
            for machine in self.machines:
                machine.certified = True

    # ---- for faults ----------------------------------------------------------------------------------------------------

    def health_changed(self, machine):
        """HAProxy's state is found out about within a tenth of a second."""
        world = self.world
        world.at(world.now + world.between(0.005, 0.1), self._tell_health, machine)

    def _tell_health(self, machine):
        if machine.process is not None:
            machine.process.happens(machine.process.lease.health_is, machine.health)
