"""Knocks at TCP ports. Python's standard library.

knock.py ADDRESS:PORT…: prints `knock ADDRESS PORT open MILLISECONDS`, or `refused`, `silent` or why it could not, for each.
"""

import socket
import sys
import threading
import time

PATIENCE = 3.0
"""A packet that a policy drops gets no answer, and TCP asks again after a second."""


def knock(peer):
    host, port = peer.rsplit(":", 1)
    begun = time.monotonic()
    try:
        with socket.create_connection((host, int(port)), timeout=PATIENCE):
            outcome = f"open {(time.monotonic() - begun) * 1000:.1f}"
    except ConnectionRefusedError:
        outcome = "refused"
    except TimeoutError:
        outcome = "silent"
    except OSError as error:
        outcome = str(error) or "nothing came"
    print("knock", host, port, outcome, flush=True)


for thread in [threading.Thread(target=knock, args=(peer,)) for peer in sys.argv[1:]]:
    thread.start()
