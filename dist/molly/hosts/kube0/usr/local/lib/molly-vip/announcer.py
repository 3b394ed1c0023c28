"""Tells the neighbours, again and again, where the VIP is."""

import socket
import threading

import kernel

BURST = (0, 0.05, 0.1, 0.15, 0.3, 0.5)
"""Seconds between the first announcements: the first may be lost, and a failover waits for them."""
PERIOD = 1.0
"""From then on, in seconds: a neighbour that was cut off meanwhile must learn of the move too."""


class Announcer:
    def __init__(self, settings, log):
        self._settings, self._log = settings, log
        self._active = threading.Event()

    def start(self):
        self._active.set()

    def stop(self):
        self._active.clear()

    def run(self):
        """For ever, in a thread of its own."""
        quiet = threading.Event()
        while True:
            self._active.wait()
            for pause in BURST:
                quiet.wait(pause)
                self._announce()
            while self._active.is_set():
                quiet.wait(PERIOD)
                self._announce()

    def _announce(self):
        try:
            frames = kernel.announcements(self._settings.interface, self._settings.vip)
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as raw:
                raw.bind((self._settings.interface, 0))
                for frame in frames:
                    if not self._active.is_set():
                        return
                    raw.send(frame)
        except OSError as error:
            self._log(f"the VIP could not be announced: {error}")
