"""Fencing through Proxmox VE's API: a machine is stopped, that is made sure of, and it is started again.

`stop`, not `reset`: Proxmox answers for a reset once QEMU was told, and nothing shows that it came about. After a stop
`status/current`, asked of the server that has the machine's configuration, says that no process of it is left, and with the
process its memory is gone. The task alone proves nothing: for a machine that Proxmox's HA manages, it only asks the manager.
"""

import hashlib
import http.client
import json
import queue
import ssl
import time
import urllib.parse

import kernel

CONNECT_LIMIT, REPLY_LIMIT = 2.0, 5.0
"""Seconds. A server that answers for another asks that one first, so a reply may take longer than a connection."""
PAUSE, LONG_PAUSE = 0.3, 1.0
"""Seconds between two looks, and after one in vain."""
AGAIN = 60.0
"""Seconds before a stop that shows no effect is asked for once more. HA's managers work in rounds of 10 s, one after another."""
START_TRIES, START_PAUSE = 5, 3.0
KEPT = ("suspended", "suspending")
"""Locks of a machine whose memory is on disk: it is stopped, and once started it goes on from where it was."""


class Trouble(Exception):
    """Why it is not known that a machine is stopped. For the log and the status."""


class Api:
    """Asks one server after another until one answers. Used by one thread."""

    def __init__(self, fencing):
        self._fencing = fencing
        self._endpoints = list(fencing.endpoints)

    def find(self, machine):
        """(server, status, lock) of a machine, by its number: HA or a migration may have moved it. Raises Trouble."""
        for found in self._ask("GET", "/cluster/resources?type=vm"):
            if found.get("vmid") == machine:
                server = found["node"]
                current = self._ask("GET", f"/nodes/{server}/qemu/{machine}/status/current")
                return server, current["status"], current.get("lock", "")
        raise Trouble(f"Proxmox shows no VM {machine}: there is none, or the token lacks VM.Audit")

    def change(self, server, machine, verb):
        """`start` or `stop`. Returns the task's name. Raises Trouble."""
        return self._ask("POST", f"/nodes/{server}/qemu/{machine}/status/{verb}")

    def failure(self, task):
        """What a task failed with; empty while it runs, and when it did not. Raises Trouble."""
        server = task.split(":")[1]
        found = self._ask("GET", f"/nodes/{server}/tasks/{urllib.parse.quote(task, safe='')}/status")
        told = found.get("exitstatus", "OK")
        return "" if told == "OK" or told.startswith("WARNINGS") else told

    def _ask(self, verb, path):
        told = []
        for _ in self._fencing.endpoints:
            host, port = self._endpoints[0]
            try:
                return self._answer(host, port, verb, path)
            except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
                told.append(f"{host}:{port}: {error or type(error).__name__}")
            self._endpoints.append(self._endpoints.pop(0))
            if verb == "POST":
                break  # it may have come through
        raise Trouble("; ".join(told))

    def _answer(self, host, port, verb, path):
        connection = http.client.HTTPSConnection(host, port, timeout=CONNECT_LIMIT, context=self._context())
        try:
            connection.connect()
            self._check_fingerprint(connection.sock)
            connection.sock.settimeout(REPLY_LIMIT)
            allowed = f"PVEAPIToken={self._token()}"
            headers = {"Authorization": allowed, "Connection": "close"}
            connection.request(verb, f"/api2/json{path}", headers=headers)
            response = connection.getresponse()
            text = response.read()
            if response.status != 200:
                raise OSError(f"{verb} {path}: {response.status} {response.reason}")
            return json.loads(text)["data"]
        finally:
            connection.close()

    def _context(self):
        if not self._fencing.fingerprints:
            context = ssl.create_default_context(cafile=self._fencing.ca_file)
            # Proxmox's own CA, made by an older release, does not say what its key is for: Python 3.13 wants that.
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
            return context
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # its fingerprint is checked instead
        return context

    def _check_fingerprint(self, connected):
        seen = hashlib.sha256(connected.getpeercert(binary_form=True)).hexdigest()
        if self._fencing.fingerprints and seen not in self._fencing.fingerprints:
            raise ssl.SSLError(f"its certificate's fingerprint is {seen}, which the site does not know")

    def _token(self):
        with open(self._fencing.token_file, encoding="ascii") as file:
            return file.read().strip()


class Fencer:
    """Does one Fence after another, in a thread of its own."""

    def __init__(self, fencing, wants, report, log):
        """`wants(term)`: whether to go on; `report(term, trouble)`: called after each look, `trouble` empty at the end."""
        self._machines, self._api = fencing.machines, Api(fencing)
        self._wants, self._report, self._log = wants, report, log
        self._fences = queue.SimpleQueue()

    def ask(self, fence):
        self._fences.put(fence)

    def run(self):
        """For ever."""
        while True:
            fence = self._fences.get()
            try:
                self._stop(fence)
            except Exception as error:  # a bug: without this thread nobody would hold the VIP
                self._report(fence.term, repr(error))
                time.sleep(START_PAUSE)
                self._fences.put(fence)

    def _stop(self, fence):
        machine = self._machines.get(fence.suspect)
        task, asked = None, None
        while self._wants(fence.term):
            pause = PAUSE
            try:
                server, status, lock = self._api.find(machine)
                if status == "stopped" and lock not in KEPT:
                    self._report(fence.term, "")
                    break
                if status == "stopped":
                    told = f"VM {machine} is hibernated and would go on from there: start it, so that it can be stopped"
                elif task is None or kernel.now() > asked + AGAIN:
                    told, asked = f"VM {machine} on {server} is asked to stop", kernel.now()
                    task = self._api.change(server, machine, "stop")
                else:
                    failure = self._api.failure(task)
                    told = f"VM {machine} on {server}: {failure or 'it is stopping'}"
                    task = None if failure else task
            except Trouble as trouble:
                told, pause = str(trouble), LONG_PAUSE
            self._report(fence.term, told)
            time.sleep(pause)
        else:
            return
        if asked is not None:
            self._start(fence.suspect, machine)

    def _start(self, suspect, machine):
        """It took part in etcd, and is needed there. Whatever it remembered is gone."""
        for _ in range(START_TRIES):
            # Who takes over meanwhile shall still find it stopped.
            time.sleep(START_PAUSE)
            try:
                server, _status, _lock = self._api.find(machine)
                self._api.change(server, machine, "start")
                self._log(f"{suspect} is started again")
                return
            except Trouble as seen:
                trouble = seen
            if not self._fences.empty():
                break
        self._log(f"{suspect} was fenced and could not be started again: {trouble}")
