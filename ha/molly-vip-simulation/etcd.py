"""etcd as its clients see it: one history of writes, and members that may be behind, cut off, or without a leader.

Raft itself is not what is tested here: what is committed stays, in one order. All that may happen to a request does: it
is carried out late, long after its client gave up, or not at all, and its answer is lost.
"""

TIME_LIMIT = 0.45
"""Seconds that a client waits: `ha/molly-vip/etcd.py` has it."""

ELECTION = (0.3, 1.5)
"""Seconds that the members need to find a new leader; meanwhile writes and certain reads hang."""

SECOND_TRY = (0.05, 0.4)
"""Seconds between two tries of the network, or of a member, to bring on a request that did not get through."""


class Aim:
    """What befalls the next request of these kinds that a client sends."""

    __slots__ = ("kinds", "delay", "answer_lost")

    def __init__(self, kinds, delay, answer_lost):
        """`kinds`: None for any. `delay`: seconds before it arrives."""
        self.kinds, self.delay, self.answer_lost = kinds, delay, answer_lost


class _Operation:
    """A request on its way. The client is told once: an answer, or None at its time limit."""

    __slots__ = ("client", "request", "member", "life", "deadline", "answer_lost", "told", "tries")

    def __init__(self, client, request, member, life, deadline):
        self.client, self.request, self.member, self.life, self.deadline = client, request, member, life, deadline
        self.answer_lost = self.told = False
        self.tries = 0


class Etcd:
    __slots__ = ("world", "machines", "network", "store", "aims", "lags", "leader")
    __slots__ += ("_down", "_lives", "_stale_since", "_serving", "_electing")

    def __init__(self, world, machines, network, store):
        self.world, self.machines, self.network, self.store = world, machines, network, store
        everybody = range(len(machines))
        self.aims = {}  # by machine
        self.lags = [0.0 for _ in everybody]  # seconds that a member is behind with what it tells without asking
        self.leader = 0
        self._down = [0 for _ in everybody]
        self._lives = [0 for _ in everybody]  # a request dies with the member that had it
        self._stale_since = [None for _ in everybody]  # since when it hears nothing from the leader
        self._serving, self._electing = True, False

    # ---- clients -----------------------------------------------------------------------------------------------------

    def ask(self, client, request):
        """`client.answered(request, answer)` is called once, an answer of None meaning that nobody knows."""
        world, source = self.world, client.machine.number
        member = self._listening(client)
        if member is None:
            world.at(world.now + 0.005, client.answered, request, None)
            return
        operation = _Operation(client, request, member, self._lives[member], world.now + TIME_LIMIT)
        delay = self.network.delay(source, member)
        aim = self.aims.get(source)
        if aim is not None and (aim.kinds is None or request.kind in aim.kinds):
            del self.aims[source]
            world.tell(client.machine, f"fault: this {request.kind} is to be {_fate(aim)}")
            delay += aim.delay
            operation.answer_lost = aim.answer_lost
        if request.certain and member != self.leader and self.leader is not None:
            delay += self.network.delay(member, self.leader)
        if delay > TIME_LIMIT:
            self._give_up(operation)
        world.at(world.now + delay, self._arrive, operation)

    def _listening(self, client):
        """The member to ask: the next that does not refuse the connection at once. None: all do."""
        if not client.machine.certified:
            return None
        for _ in client.members:
            member = client.members[0]
            if not self._down[member] or not self.machines[member].up:
                return member
            client.members.append(client.members.pop(0))
        return None

    def _arrive(self, operation):
        source, member, request = operation.client.machine.number, operation.member, operation.request
        if operation.life != self._lives[member]:
            self._give_up(operation)  # it died with the member
        elif not self._reaches(source, member) or request.certain and not self._commits(member):
            self._try_again(operation)
        elif request.certain:
            self._answer(operation, self._carry_out(operation), self.leader)
        else:
            self._answer(operation, self._from_memory(member), member)

    def _answer(self, operation, answer, origin):
        network, member, source = self.network, operation.member, operation.client.machine.number
        if operation.answer_lost or not network.carries(origin, member) or not network.carries(member, source):
            self._give_up(operation)
            return
        delay = network.delay(member, source)
        if origin != member:
            delay += network.delay(origin, member)
        if self.world.now + delay > operation.deadline:
            self._give_up(operation)
        elif not operation.told:
            operation.told = True
            self.world.at(self.world.now + delay, operation.client.answered, operation.request, answer)

    def _give_up(self, operation):
        """The client hears nothing within its limit. The request may still be carried out."""
        if not operation.told:
            operation.told = True
            world = self.world
            world.at(max(world.now, operation.deadline), operation.client.answered, operation.request, None)

    def _try_again(self, operation):
        operation.tries += 1
        self._give_up(operation)
        if operation.tries < 8 and self.world.chance() < 0.9:
            self.world.at(self.world.now + self.world.between(*SECOND_TRY), self._arrive, operation)

    def _carry_out(self, operation):
        store, request = self.store, operation.request
        answer = store.carry_out(request)
        if self.world.trace is not None and request.kind != "look":
            wrote = ", ".join(f"{key} = {value}" for key, value in request.put) if answer.ok else "refused"
            late = ", its client gave up before" if operation.told else ""
            told = f"etcd: {request.kind} of {operation.client.machine.name}: {wrote or store.lease.value}"
            self.world.tell(None, f"{told}, revision {store.revision}{late}")
        return answer

    def _from_memory(self, member):
        """What a member tells without asking the others."""
        since = self._stale_since[member]
        return self.store.as_of(self.world.now - self.lags[member] if since is None else since, member)

    # ---- members -----------------------------------------------------------------------------------------------------

    def _reaches(self, source, member):
        return self._running(member) and self.network.carries(source, member)

    def _running(self, member):
        return not self._down[member] and self.machines[member].up

    def _commits(self, member):
        """Whether the leader, asked by way of `member`, can have a majority confirm anything."""
        return self._serving and (member == self.leader or self.network.carries(member, self.leader))

    def _could_lead(self, member):
        if not self._running(member):
            return False
        size = len(self.machines)
        connected = [n for n in range(size) if n == member or self._running(n) and self.network.both_ways(member, n)]
        return 2 * len(connected) > size

    def reconsider(self):
        """To be called after whatever changes who runs and who reaches whom."""
        self._serving = self.leader is not None and self._could_lead(self.leader)
        for member in range(len(self.machines)):
            follows = self._serving and self._running(member) and self.network.carries(self.leader, member)
            if follows:
                self._stale_since[member] = None
            elif self._stale_since[member] is None:
                self._stale_since[member] = self.world.now
        if not self._serving and not self._electing:
            self._electing = True
            self.world.at(self.world.now + self.world.between(*ELECTION), self._elect)

    def _elect(self):
        self._electing = False
        if not self._serving:
            able = [member for member in range(len(self.machines)) if self._could_lead(member)]
            self.leader = self.world.any_of(able) if able else None
            if able:
                self.world.tell(self.machines[self.leader], "leads etcd")
        self.reconsider()

    def depose(self):
        """The leader leaves off, though nothing is wrong with it."""
        self.leader = None
        self.reconsider()

    def stop_member(self, member):
        self._down[member] += 1
        self._lives[member] += 1
        self.reconsider()

    def start_member(self, member):
        self._down[member] -= 1
        self.reconsider()

    def restore(self, share):
        """From a snapshot, while all members are down."""
        self.store.restore(share)
        self.world.tell(None, f"etcd: restored: lease = {self.store.lease.value}, revision {self.store.revision}")


def own_first(number, size):
    """The order in which a client asks the members."""
    return [number] + [other for other in range(size) if other != number]


def _fate(aim):
    lost = "its answer lost" if aim.answer_lost else ""
    return " and ".join(filter(None, [f"late by {aim.delay:.2f} s" if aim.delay else "", lost]))
