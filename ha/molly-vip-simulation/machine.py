"""A machine: its clock, its kernel's kill timer, and whether it runs at all."""

from subject import lease

RATE = 0.001
"""No clock goes faster or slower than true time by more than this: 0.1 %, a hundred times what crystals do."""

LATENESS = 0.15
"""Seconds that the kernel may be late with the kill timer.

Two clocks part by 2 x 0.1 % of the longest term, 2 s, so by 4 ms. Both together stay below Times.margin, 200 ms: that
is what the margin is for, and this is how much of it may be used up.
"""


class Machine:
    __slots__ = ("world", "number", "name", "late", "certified", "marked", "ailments", "wall_offset", "slept")
    __slots__ += ("service", "process", "has_address", "_offset", "_rate", "_off", "_frozen", "_frozen_at", "_waiting")
    __slots__ += ("up", "_kill_at", "_kill_planned", "boots", "server_lost", "proxmox", "_paused", "_paused_at")

    def __init__(self, world, number, lateness):
        self.world, self.number, self.name = world, number, f"kube{number}"
        self.certified = True  # has a certificate that etcd accepts
        self.marked = False  # Heartbeat prefers it
        self.ailments = {lease.DEAD: 0, lease.UNREADY: 0}  # of its HAProxy: how many faults are in force
        self.late = lateness
        self.wall_offset = 0.0  # steps of the wall clock: nobody should notice
        self.slept = 0.0  # seconds frozen whole: CLOCK_MONOTONIC leaves them out
        self._offset, self._rate = world.between(0.0, 50.0), 1 + world.between(-RATE, RATE)
        self._off, self._frozen, self._frozen_at = 0, 0, 0.0
        self._paused, self._paused_at = 0, 0.0
        self.up = True
        self.boots = 0  # what its hypervisor remembers of an earlier one is void
        self.server_lost = False  # its hypervisor is gone with it, and nobody can tell how it is
        self.proxmox = None  # where its agent has others stopped
        self._waiting = []
        self.service = None
        self.process = None
        self.has_address = False
        self._kill_at, self._kill_planned = None, None

    # ---- its clock ---------------------------------------------------------------------------------------------------

    def clock(self):
        """CLOCK_BOOTTIME: from some start, at its own rate, never set, and it goes on while the machine sleeps."""
        return self._offset + self.world.now * self._rate

    def true_time(self, clock):
        return (clock - self._offset) / self._rate

    # ---- whether it runs ---------------------------------------------------------------------------------------------

    @property
    def health(self):
        if self.ailments[lease.DEAD]:
            return lease.DEAD
        return lease.UNREADY if self.ailments[lease.UNREADY] else lease.SERVING

    def when_running(self, happen, *details):
        """Now, or once the machine is thawed; never, if it is switched off."""
        if self._frozen and not self._off:
            self._waiting.append((happen, details))
        elif not self._off:
            happen(*details)

    def freeze(self):
        """All of it at once: programs, kernel, network. Its clock goes on."""
        self._frozen += 1
        self.up = False
        if self._frozen == 1:
            self._frozen_at = self.world.now
            if self.has_address:
                self.world.address_went(self, "the whole machine is frozen")

    def thaw(self):
        self._frozen -= 1
        if self._frozen or self._off:
            return
        self.up = True
        self.slept += self.world.now - self._frozen_at
        # An overdue timer fires before any process, or any packet, gets its turn.
        if self._kill_at is not None:
            due = self.true_time(self._kill_at)
            if due > self.world.now:
                self._plan_kill(due + self.late * self.world.chance())
            else:
                self._kill()
        if self.has_address:
            self.world.address_came(self)
        self.process.go_on()
        waiting, self._waiting = self._waiting, []
        for happen, details in waiting:
            self.when_running(happen, *details)

    def pause(self):
        """By its hypervisor: as frozen, but its clock stands still, too. `resume` ends it."""
        if self._paused == 0:
            self._paused_at = self.world.now
        self._paused += 1
        self.freeze()

    def resume(self):
        self._paused -= 1
        if self._paused == 0:
            self._offset -= (self.world.now - self._paused_at) * self._rate
        self.thaw()

    @property
    def off(self):
        return self._off > 0

    def switch_off(self):
        self._off += 1
        self.up = False
        if self._off == 1:
            self.boots += 1
            self._frozen, self._paused = self._frozen - self._paused, 0  # what is paused ends, too
            self._waiting.clear()
            self.service.power_failed()

    def switch_on(self):
        self._off -= 1
        if self._off == 0:
            self.up = not self._frozen
            self._offset = -self.world.now * self._rate + self.world.between(0.0, 5.0)  # since this boot
            self.when_running(self.service.boot)

    # ---- its kernel --------------------------------------------------------------------------------------------------

    def arm(self, kill_at):
        """`kill_at`: on this machine's clock; None disarms. Set in the past, it fires once the kernel gets to it."""
        self._kill_at = kill_at
        if kill_at is not None:
            self._plan_kill(max(self.true_time(kill_at), self.world.now) + self.late * self.world.chance())

    @property
    def fenced(self):
        """Whether a kill timer is armed. Who holds the VIP by an operator's override has none."""
        return self._kill_at is not None

    def assign(self):
        if not self.has_address:
            self.has_address = True
            self.world.address_came(self)

    def remove(self, why):
        if self.has_address:
            self.has_address = False
            self.world.address_went(self, why)

    def process_ended(self):
        """The address and the timer are the process's own: they go with it, however it ends."""
        self.remove("its process is gone")
        self._kill_at = None
        if not self._off:
            self.service.clean_up()

    def _plan_kill(self, time):
        # One event serves all renewals: one that comes too early is put off.
        if self._kill_planned is None or time < self._kill_planned:
            self._kill_planned = time
            self.world.at(time, self._fire)

    def _fire(self):
        world = self.world
        if self._kill_planned != world.now:
            return  # an earlier one was planned meanwhile
        self._kill_planned = None
        if self._kill_at is None or self._frozen:
            return
        due = self.true_time(self._kill_at)
        if due > world.now:
            self._plan_kill(due + self.late * world.chance())
        else:
            self._kill()

    def _kill(self):
        self.world.count("killed by the timer")
        self.process.kill("by its timer")
