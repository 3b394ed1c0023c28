"""One agent: carries out what the decisions say, step by step, as `ha/molly-vip/agent.py` does.

A process may be stopped or killed before any step: between reading the clock and deciding, between arming the kill
timer and assigning the address, between two actions of one list. A trap names the step at which that is to happen.
"""

from collections import deque

from etcd import own_first
from subject import fenced_lease, lease
from world import Violation

DECIDE, SEND, ARM, CHECK, ASSIGN = "decide", "send", "arm", "check", "assign"
REMOVE, DISARM, END, FENCE = "remove", "disarm", "end", "fence"

CIRCLES = 30
"""So many times may the decisions ask to be called again at once."""


class Trap:
    """What happens to a process right before a step."""

    __slots__ = ("step", "kind", "happen")

    def __init__(self, step, kind, happen):
        """`kind`: of the request that is to be sent, or whose answer is to be decided on; None for any."""
        self.step, self.kind, self.happen = step, kind, happen

    def springs(self, step, detail):
        if step != self.step or self.kind is None:
            return step == self.step
        about = detail if step == SEND else detail[-2]
        return isinstance(about, lease.Request) and about.kind == self.kind


class Process:
    __slots__ = ("machine", "world", "etcd", "members", "clock", "lease", "alive", "trap", "refused")
    __slots__ += ("_stops", "_inbox", "_steps", "_wake", "_wake_planned", "_circles")

    def __init__(self, machine, etcd, lease_class, nonce, settings):
        self.machine, self.world, self.etcd = machine, machine.world, etcd
        self.members = own_first(machine.number, len(etcd.machines))
        self.clock = machine.clock
        self.alive = True
        self.trap = None
        self.refused = False  # the kernel will not assign the address, once
        self._stops, self._inbox, self._steps = 0, deque(), deque()
        self._wake, self._wake_planned, self._circles = 0.0, None, 0
        preferred = settings.preferred == machine.number
        self.lease = lease_class(machine.name, nonce, settings.times, self.clock(), preferred, settings.failback)
        self.happens(self.lease.tick)

    # ---- what happens to it ------------------------------------------------------------------------------------------

    def happens(self, event, *details):
        """An event for the decisions, once the machine and the process run."""
        self._inbox.append((event, details))
        self.go_on()

    def answered(self, request, answer):
        if answer is None:
            self.members.append(self.members.pop(0))
        self.happens(self.lease.answered, request, answer)

    def stop(self):
        """SIGSTOP."""
        self.world.tell(self.machine, "process stopped")
        self._stops += 1

    def resume(self):
        """SIGCONT."""
        self._stops -= 1
        if self.alive and not self._stops:
            self.world.tell(self.machine, "process goes on")
            self.go_on()

    def kill(self, how):
        if self.alive:
            self.world.tell(self.machine, f"process killed {how}")
            self._end()

    # ---- what it does ------------------------------------------------------------------------------------------------

    def go_on(self):
        """Until nothing is left to do, or something stops it."""
        steps, inbox = self._steps, self._inbox
        while self.alive and not self._stops and self.machine.up:
            if steps:
                step, do, detail = steps[0]
                if self.trap is not None and self.trap.springs(step, detail):
                    self._spring(step)
                    continue
                steps.popleft()
                do(detail)
            elif inbox:
                event, details = inbox.popleft()
                if self.trap is None:
                    self._decide((self.clock(), event, *details))
                else:
                    steps.append((DECIDE, self._decide, (self.clock(), event, *details)))
            else:
                self._plan_wake()
                return

    def _spring(self, step):
        trap, self.trap = self.trap, None
        self.world.tell(self.machine, f"is about to {step}:")
        trap.happen(self)

    def _decide(self, detail):
        moment, event, *details = detail
        for action in event(moment, *details):
            self._steps.extend(self._steps_of(action))

    def _steps_of(self, action):
        match action:
            case lease.Send():
                return ((SEND, self._send, action.request),)
            case lease.Hold():
                check = (CHECK, self._check, action.not_after)
                return ((ARM, self._arm, action.kill_at), check, (ASSIGN, self._assign, None))
            case lease.Drop():
                return ((REMOVE, self._remove, None), (DISARM, self._disarm, None))
            case lease.Log():
                self.world.tell(self.machine, action.text)
            case lease.Done():
                return ((END, self._end, None),)
            case fenced_lease.Fence():
                return ((FENCE, self._fence, action),)
        return ()

    def _send(self, request):
        if request.kind == "transfer":
            self.world.handed_over(self.machine)
        self.etcd.ask(self, request)

    def _arm(self, kill_at):
        self.machine.arm(kill_at)

    def _check(self, not_after):
        if not_after is not None and self.clock() >= not_after:
            self._steps.popleft()  # so it is not assigned

    def _assign(self, _):
        if not self.refused:
            self.machine.assign()
            return
        self.refused = False
        actions = self.lease.address_failed(self.clock(), "refused")
        self._steps.extendleft(reversed([step for action in actions for step in self._steps_of(action)]))

    def _remove(self, _):
        self.machine.remove("dropped")

    def _disarm(self, _):
        self.machine.arm(None)

    def _fence(self, fence):
        self.machine.proxmox.fence(self, fence)

    def _end(self, _=None):
        self.alive = False
        self.machine.process_ended()

    # ---- when nothing happens ----------------------------------------------------------------------------------------

    def _plan_wake(self):
        now, moment = self.world.now, self.clock()
        wake = self.lease.wake(moment)
        if wake > moment:
            self._circles = 0
        else:
            self._circles += 1
            if self._circles > CIRCLES:
                raise Violation(f"{self.machine.name} turns in circles")
        # A moment more, so that its clock has reached that time.
        self._wake = max(now, self.machine.true_time(wake)) + 1e-6
        if self._wake_planned is None or self._wake < self._wake_planned:
            self._wake_planned = self._wake
            self.world.at(self._wake, self._wakes, self._wake)

    def _wakes(self, planned):
        if planned != self._wake_planned or not self.alive:
            return
        self._wake_planned = None
        if self._wake <= planned:
            self.happens(self.lease.tick)
        else:
            self._wake_planned = self._wake
            self.world.at(self._wake, self._wakes, self._wake)

