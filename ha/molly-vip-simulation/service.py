"""systemd's part on one machine: starts the agent, stops it, cleans up after it, and starts it again."""

from etcd import own_first
from subject import lease

RESTART = (0.1, 0.3)
"""Seconds before a process that ended is started again."""

BOOT = (0.0, 0.05)
"""Seconds before the first start."""

STOP_LIMIT = 3.0
"""Seconds after SIGTERM before a process that is still there is killed."""

CLEANUP_START = (0.03, 0.1)
CLEANUP_TRIES = 3


class Service:
    __slots__ = ("machine", "world", "etcd", "_parts", "_settings", "_stops", "_life", "_starts", "cleanup")

    def __init__(self, machine, etcd, parts, settings):
        self.machine, self.world, self.etcd = machine, machine.world, etcd
        self._parts, self._settings = parts, settings
        self._stops = 0  # how many operators want it stopped
        self._life = 0  # of this boot: what was planned before belongs to another
        self._starts = 0
        self.cleanup = None  # the one that is under way
        machine.service = self

    # ---- from the machine --------------------------------------------------------------------------------------------

    def boot(self):
        self._start_soon(BOOT)

    def power_failed(self):
        self._life += 1
        self.cleanup = None
        if self.machine.process is not None:
            self.machine.process.kill("with its machine")

    # ---- from an operator --------------------------------------------------------------------------------------------

    def stop(self):
        self._stops += 1
        process = self.machine.process
        if process is not None and process.alive:
            process.happens(process.lease.stop)
            self.world.at(self.world.now + STOP_LIMIT, self._stop_took_too_long, process)

    def start(self):
        self._stops -= 1
        self._start_soon()

    # ---- from itself -------------------------------------------------------------------------------------------------

    def _start_soon(self, least_and_most=RESTART):
        at = self.world.now + self.world.between(*least_and_most)
        self.world.at(at, self.machine.when_running, self._start, self._life)

    def _start(self, life):
        process = self.machine.process
        running = process is not None and process.alive
        if life != self._life or self._stops or self.cleanup or running:
            return
        self._starts += 1
        parts, settings = self._parts, self._settings
        nonce = f"{self.machine.number}{self._starts}"
        self.machine.process = parts.process(self.machine, self.etcd, parts.lease, nonce, settings)
        self.world.at(self.world.now + self.world.between(0.01, 0.1), self._first_looks, self.machine.process)

    def _first_looks(self, process):
        process.happens(process.lease.health_is, self.machine.health)
        process.happens(process.lease.marked_is, self.machine.marked)

    def _stop_took_too_long(self, process):
        self.machine.when_running(process.kill, "as it did not stop in time")

    # ---- cleaning up -------------------------------------------------------------------------------------------------

    def clean_up(self):
        """The process has ended, and nothing of the VIP is left: the lease may go at once."""
        self.cleanup = self._parts.cleanup(self.machine, self)
        self.world.at(self.world.now + self.world.between(*CLEANUP_START), self.cleanup.begin)

    def cleaned_up(self):
        self.cleanup = None
        self._start_soon()


class Cleanup:
    """`molly-vip cleanup`: gives the lease back, if it is that of a process of this machine, which is dead."""

    __slots__ = ("machine", "members", "_service", "_tries")

    def __init__(self, machine, service):
        self.machine, self._service = machine, service
        self.members = own_first(machine.number, len(service.etcd.machines))
        self._tries = 0

    def begin(self):
        self.machine.when_running(self._look)

    def answered(self, request, answer):
        self.machine.when_running(self._hear, request, answer)

    def _hear(self, request, answer):
        if answer is None:
            self.members.append(self.members.pop(0))
            self._look()
        elif request.kind == "free" or not self._is_own(answer.lease.value):
            self._end()
        else:
            self._ask(self._free(answer.lease.value))

    def _look(self):
        self._tries += 1
        if self._tries > CLEANUP_TRIES:
            self._end()
        else:
            self._ask(lease.Request("look", 0.0))

    def _ask(self, request):
        if self._service.cleanup is self:  # it may have gone with its machine
            self._service.etcd.ask(self, request)

    def _end(self):
        if self._service.cleanup is self:
            self._service.cleaned_up()

    def _is_own(self, value):
        return value.startswith(f"held:{self.machine.name}:")

    def _free(self, mine):
        free = mine.replace("held:", "free:", 1)
        return lease.Request("free", 0.0, (("lease", "value", mine),), (("lease", free),))
