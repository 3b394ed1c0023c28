"""Works on a CephFS volume from inside a pod, and tells what became of each step: one operation as JSON a line.

  probe.py work FOLDER NAME PEER...   writes files of its own, reads those of its peers, until SIGTERM
  probe.py account FOLDER NAME...     reads every file of each name once
  probe.py fill FILE CHUNKS           writes chunks of 1 MiB until something refuses

Python's standard library. Times are those of this machine's clock.
"""

import errno
import hashlib
import json
import os
import random
import signal
import sys
import threading
import time

# A write is due this often, and a look for the peer's next file: a client that is held up misses turns, it does not catch up.
INTERVAL = 0.1
SIZE = 64 * 1024
CHUNK = 1024 * 1024

stopping = threading.Event()


def tell(**operation):
    sys.stdout.write(json.dumps(operation) + "\n")
    sys.stdout.flush()


def moment():
    return time.time() * 1000


def digest(content):
    return hashlib.sha256(content).hexdigest()


def reason(error):
    return errno.errorcode.get(error.errno, str(error))


def in_turn(step):
    """Calls it with 0, 1, 2, … as often as it is due, until it is time to stop. A step that says False is repeated."""
    number = 0
    due = time.monotonic()
    while not stopping.is_set():
        if step(number):
            number += 1
        due = max(due + INTERVAL, time.monotonic())
        stopping.wait(due - time.monotonic())


def write(folder, name):
    """A file is acknowledged when its content and its name are on disk: what then is lost was lost by the file system."""
    os.makedirs(f"{folder}/{name}", exist_ok=True)
    directory = os.open(f"{folder}/{name}", os.O_RDONLY)

    def one(number):
        content = random.Random(f"{name}/{number}").randbytes(SIZE)
        what = {"process": name, "f": "cephfs-write", "seq": number, "sha256": digest(content)}
        begun = moment()
        tell(t=begun, type="info", **what)
        path = f"{folder}/{name}/{number:08d}"
        try:
            with open(f"{path}.new", "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.rename(f"{path}.new", path)
            os.fsync(directory)
            tell(t=begun, type="ok", latencyMs=moment() - begun, **what)
        except OSError as error:
            tell(t=begun, type="fail", latencyMs=moment() - begun, outcome=reason(error), **what)
        return True

    in_turn(one)


def read(path, **what):
    """Whether the file was there."""
    begun = moment()
    try:
        with open(path, "rb") as file:
            content = file.read()
        tell(t=begun, type="ok", latencyMs=moment() - begun, sha256=digest(content), **what)
        return True
    except OSError as error:
        tell(t=begun, type="fail", latencyMs=moment() - begun, outcome=reason(error), **what)
        return False


def follow(folder, name, peer):
    in_turn(lambda n: read(f"{folder}/{peer}/{n:08d}", process=name, f="cephfs-read", of=peer, seq=n))


def work(folder, name, *peers):
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    threads = [threading.Thread(target=write, args=(folder, name))]
    threads += [threading.Thread(target=follow, args=(folder, name, peer)) for peer in peers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def account(folder, process, *names):
    for name in names:
        for entry in sorted(os.listdir(f"{folder}/{name}")):
            if entry.isdigit():
                read(f"{folder}/{name}/{entry}", process=process, f="cephfs-account", of=name, seq=int(entry))
        tell(t=moment(), process=process, f="cephfs-account", type="info", of=name)


def fill(path, chunks):
    content = os.urandom(CHUNK)
    outcome = "ok"
    with open(path, "wb", buffering=0) as file:
        try:
            for _ in range(int(chunks)):
                file.write(content)
                os.fsync(file.fileno())
        except OSError as error:
            outcome = reason(error)
    tell(outcome=outcome, bytes=os.stat(path).st_size)


if __name__ == "__main__":
    {"work": work, "account": account, "fill": fill}[sys.argv[1]](*sys.argv[2:])
