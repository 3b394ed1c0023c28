"""Proxmox VE's API, and the thread of each agent that asks it, as `ha/molly-vip/fence.py` does.

A stop is accepted at once and comes about later; what is asked meanwhile is told that the machine runs.
"""

PAUSE = (0.3, 1.0)
"""Seconds between two looks."""

REPLY = (0.01, 0.3)
STOP = (0.05, 1.5)
"""Seconds that a stop takes."""

START = (0.1, 0.5)
OPERATOR = (3.0, 5.0)
"""Seconds after which an operator starts what an agent stopped that did not live to start it again."""


class Proxmox:
    __slots__ = ("world", "machines", "etcd", "away", "_stopped")

    def __init__(self, world, machines, etcd):
        self.world, self.machines, self.etcd = world, machines, etcd
        self.away = 0  # how many faults keep the API from answering
        self._stopped = set()  # (machine's number, its boot)

    def fence(self, process, fence):
        """An agent's wish. It looks, asks for a stop, and looks again until the machine is stopped."""
        [suspect] = [machine for machine in self.machines if machine.name == fence.suspect]
        self._soon(REPLY, process, self._look, process, fence, suspect, None)

    def _look(self, process, fence, suspect, asked):
        """`asked`: the boot that it is to stop."""
        if not process.alive or not process.lease.wants(fence.term):
            return
        if self.away or suspect.server_lost:
            self._tell(process, fence, "no answer")
        elif suspect.off:
            self.confirm(process, fence, suspect)
            return
        elif asked != suspect.boots:  # not yet, or the stop died with the server
            asked = suspect.boots
            self._accept(process, fence, suspect)
        else:
            self._tell(process, fence, "it is stopping")
        self._soon(PAUSE, process, self._look, process, fence, suspect, asked)

    def _accept(self, process, fence, suspect):
        self.world.tell(suspect, f"{process.machine.name} asks Proxmox to stop it")
        self.world.at(self.world.now + self.world.between(*STOP), self._stop, suspect, suspect.boots)

    def confirm(self, process, fence, suspect):
        """It is stopped: what its processes were and had is gone."""
        self._tell(process, fence, "")
        self.world.at(self.world.now + self.world.between(*START), self._start, suspect, suspect.boots)

    def _stop(self, machine, boots):
        if machine.off or machine.boots != boots:
            return
        self.world.count("stopped by Proxmox")
        self.world.tell(machine, "stopped by Proxmox")
        machine.switch_off()
        self.etcd.stop_member(machine.number)
        self._stopped.add((machine.number, machine.boots))
        self.world.at(self.world.now + self.world.between(*OPERATOR), self._start, machine, machine.boots)

    def _start(self, machine, boots):
        if (machine.number, boots) in self._stopped:
            self._stopped.remove((machine.number, boots))
            self.world.tell(machine, "started by Proxmox")
            machine.switch_on()
            self.etcd.start_member(machine.number)

    def _tell(self, process, fence, trouble):
        process.happens(process.lease.fence_is, fence.term, trouble)

    def _soon(self, least_and_most, process, happen, *details):
        at = self.world.now + self.world.between(*least_and_most)
        self.world.at(at, process.machine.when_running, happen, *details)
