"""The process: feeds what happens to the decisions and carries out what they say, in one thread.

Whatever may block has a thread of its own and reports through the inbox: etcd, HAProxy, the neighbours, the log, the
control socket. The one thread that decides also touches the address and the kill timer, and waits for nothing else.
"""

import os
import queue
import signal
import socket
import threading
import time
import uuid

import certificate
import control
import health
import kernel
import leadership
import report
from announcer import Announcer
from etcd import Etcd
from fence import Fencer
from fenced_lease import Fence, FencedLease
from lease import Announce, Done, Drop, Hold, Lease, Log, Send

MARKER = "/run/molly-vip/preferred"
"""Heartbeat's resource script makes and removes it."""
HOUSEKEEPING = 0.5
"""Seconds between two looks at the marker, and two signs of life to systemd, whose watchdog waits for 5 s."""
PATIENCE = 2
"""How long a client of the control socket waits, in seconds."""
CERTIFICATE_PAUSE = 0.5
"""Seconds before etcd is asked again that did not accept this machine's certificate, or offers none that is accepted."""


class Agent:
    def __init__(self, settings):
        """Raises OSError when the kernel offers no kill timer."""
        self.settings = settings
        self.memory_locked, self.real_time = kernel.lock_memory(), kernel.go_first()
        known = (settings.node, uuid.uuid4().hex[:12], settings.times, kernel.now(), settings.preferred, settings.failback)
        fencing = settings.fencing
        self.lease = FencedLease(*known, patience=fencing.patience) if fencing else Lease(*known)
        self.etcd = Etcd(settings)
        self._address = kernel.Address(settings.vip, kernel.KillTimer())
        self._inbox, self._requests, self._lines = (queue.SimpleQueue() for _ in range(3))
        self._announcer = Announcer(settings, self.log)
        self._fencer = Fencer(fencing, self.lease.wants, self._fence_is, self.log) if fencing else None
        self._report = report.Report(self)
        self._last_words = threading.Event()
        self._kept = 0.0

    def run(self):
        """Until SIGTERM has been honoured: the VIP is handed over, or given back."""
        signal.signal(signal.SIGTERM, lambda *_: self._inbox.put(self.lease.stop))
        threading.stack_size(256 * 1024)  # locked memory is real memory
        for work in (
            self._write_log, self._ask_etcd, self._watch_health, self._announcer.run, self._serve, self._watch_leadership
        ):
            threading.Thread(target=work, daemon=True).start()
        if self._fencer is not None:
            threading.Thread(target=self._fencer.run, daemon=True).start()
        if not self.memory_locked:
            self.log("the kernel did not allow to lock memory: a machine that swaps may lose the VIP")
        if not self.real_time:
            self.log("the kernel did not allow real-time scheduling: a machine short of processors may lose the VIP")
        tell_systemd("READY=1")
        while not self.lease.done:
            moment = kernel.now()
            try:
                event = self._inbox.get(timeout=max(0.0, min(self.lease.wake(moment) - moment, HOUSEKEEPING)))
            except queue.Empty:
                event = self.lease.tick
            self._carry_out(event(kernel.now()))
            self._keep_house()
        self._report.write()
        self._last_words.wait(0.5)

    def command(self, event):
        """Has the deciding thread do something. Returns the status after it. For other threads.

        A command that waited for longer than its client does, in an agent that was frozen, is not carried out.
        """
        done = queue.SimpleQueue()
        given = kernel.now()

        def reporting(now):
            actions = event(now) if now < given + PATIENCE else []
            self._carry_out(actions)
            done.put(self._report.status())
            return []

        self._inbox.put(reporting)
        return done.get(timeout=PATIENCE)

    def log(self, text):
        if self._lines.qsize() < 1000:  # a log that hangs must not take the VIP with it
            self._lines.put(text)

    # ---- the deciding thread ---------------------------------------------------------------------------------------

    def _carry_out(self, actions):
        for action in actions:
            match action:
                case Send(request):
                    self._requests.put(request)
                case Hold(kill_at, not_after):
                    self._hold(kill_at, not_after)
                case Drop():
                    self._announcer.stop()
                    self._address.drop()
                case Announce():
                    if self._address.held:
                        self._announcer.start()
                case Log(text):
                    self.log(text)
                case Fence():
                    self._fencer.ask(action)
                case Done():
                    self.log("ends")

    def _hold(self, kill_at, not_after):
        try:
            self._address.hold(kill_at, not_after)
        except OSError as error:
            self._carry_out(self.lease.address_failed(kernel.now(), str(error)))

    def _keep_house(self):
        moment = kernel.now()
        self._report.write_if_changed(moment)
        if moment < self._kept + HOUSEKEEPING:
            return
        self._kept = moment
        marked = os.path.exists(MARKER)
        if marked != self.lease.marked:
            self._carry_out(self.lease.marked_is(moment, marked))
        tell_systemd("WATCHDOG=1")

    # ---- the other threads -----------------------------------------------------------------------------------------

    def _ask_etcd(self):
        while True:
            request = self._requests.get()
            answer = self.etcd.ask(request)
            self._inbox.put(lambda now, request=request, answer=answer: self.lease.answered(now, request, answer))
            # Only while the address's device is not open: a child would share it for a moment.
            if answer is None and self.etcd.untrusted and (self.lease.overriding or not self.lease.holding):
                self._renew_certificate()

    def _renew_certificate(self):
        try:
            certificate.ensure()
        except certificate.Missing as error:
            self.log(str(error))
        time.sleep(CERTIFICATE_PAUSE)

    def _watch_health(self):
        health.watch(
            self.settings.health_port,
            lambda found: self._inbox.put(lambda now: self.lease.health_is(now, found)),
        )

    def _watch_leadership(self):
        leadership.watch(self)

    def _fence_is(self, term, trouble):
        self._inbox.put(lambda now: self.lease.fence_is(now, term, trouble))

    def _serve(self):
        control.serve(self)

    def _write_log(self):
        while not (self.lease.done and self._lines.empty()):
            print(self._lines.get(), flush=True)
        self._last_words.set()


def tell_systemd(text):
    """sd_notify(3); nothing where systemd is not listening."""
    path = os.environ.get("NOTIFY_SOCKET")
    if path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as notify:
            try:
                notify.sendto(text.encode(), path.replace("@", "\0", 1) if path.startswith("@") else path)
            except OSError:
                pass  # systemd is busy: the next one is half a second away
