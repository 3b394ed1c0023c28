"""One control plane to experiment with: machines, network, etcd, and how it is set up."""

from etcd import Etcd
from network import Network
from store import Store
from subject import lease
from world import Violation


class Cluster:
    __slots__ = ("world", "settings", "machines", "network", "etcd", "victim", "struck")

    def __init__(self, world, settings, parts):
        self.world, self.settings = world, settings
        self.machines = [parts.machine(world, number, settings.lateness) for number in range(settings.size)]
        self.network = Network(world, settings.size, settings.delay)
        store = Store(world, _key(*settings.lease), _key(*settings.claim), settings.size)
        self.etcd = Etcd(world, self.machines, self.network, store)
        if parts.proxmox is not None:
            proxmox = parts.proxmox(world, self.machines, self.etcd)
            for machine in self.machines:
                machine.proxmox = proxmox
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

    # ---- before there is an etcd -------------------------------------------------------------------------------------

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
        """kubeadm join comes when kubeadm init is done, long after a term has replaced the override."""
        decisions = overriding.lease
        if overriding.alive and not decisions.holding and not decisions.renewed and not decisions.stopping:
            raise Violation("the override ended before a term replaced it")
        if overriding.alive and decisions.overriding or first.has_address and not first.fenced:
            self.world.at(self.world.now + 0.2, self._others_join, first, overriding)
        else:
            for machine in self.machines:
                machine.certified = True

    # ---- for faults --------------------------------------------------------------------------------------------------

    def health_changed(self, machine):
        """HAProxy's state is found out about within a tenth of a second."""
        world = self.world
        world.at(world.now + world.between(0.005, 0.1), self._tell_health, machine)

    def _tell_health(self, machine):
        if machine.process is not None:
            machine.process.happens(machine.process.lease.health_is, machine.health)


def _key(value, revision):
    return lease.Key(value, revision) if value else lease.Key()
