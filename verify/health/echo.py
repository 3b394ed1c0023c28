"""Talks between two machines' own ends of the pod network. Python's standard library.

echo.py serve ADDRESS: answers by TCP and UDP at a free port, prints `port NUMBER`, ends by itself after a minute.
echo.py ask ADDRESS:PORT…: prints `tcp ADDRESS ok MILLISECONDS` and `udp …` for each, or `tcp ADDRESS WHY`.
"""

import os
import socket
import sys
import threading
import time

LARGE = os.urandom(64 * 1024)
"""Many full frames: a wrong MTU or a wrong checksum shows here and not in a handshake."""
SMALL = b"m" * 1200
PATIENCE = 3.0
LIFE = 60.0


def receive(connection, size):
    got = b""
    while len(got) < size and (part := connection.recv(65536)):
        got += part
    return got


def answer_tcp(listening):
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def echo(connection):
    with connection:
        connection.settimeout(PATIENCE)
        try:
            connection.sendall(receive(connection, len(LARGE)))
        except OSError:
            pass  # whoever asked tells


def answer_udp(udp):
    while True:
        data, peer = udp.recvfrom(2000)
        udp.sendto(data, peer)


def serve(address):
    tcp = socket.create_server((address, 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((address, tcp.getsockname()[1]))
    for work, what in ((answer_tcp, tcp), (answer_udp, udp)):
        threading.Thread(target=work, args=(what,), daemon=True).start()
    print("port", tcp.getsockname()[1], flush=True)
    time.sleep(LIFE)


def by_tcp(where):
    with socket.create_connection(where, timeout=PATIENCE) as tcp:
        tcp.sendall(LARGE)
        return receive(tcp, len(LARGE)) == LARGE


def by_udp(where):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(PATIENCE / 3)
        udp.connect(where)
        for last in (False, False, True):  # a datagram may get lost
            try:
                udp.send(SMALL)
                return udp.recv(2000) == SMALL
            except TimeoutError:
                if last:
                    raise


def ask(peer):
    host, port = peer.rsplit(":", 1)
    for name, way in (("tcp", by_tcp), ("udp", by_udp)):
        begun = time.monotonic()
        try:
            same = way((host, int(port)))
            outcome = f"ok {(time.monotonic() - begun) * 1000:.1f}" if same else "came back changed"
        except OSError as error:
            outcome = str(error) or "nothing came"
        print(name, host, outcome, flush=True)


if sys.argv[1] == "serve":
    serve(sys.argv[2])
else:
    for thread in [threading.Thread(target=ask, args=(peer,)) for peer in sys.argv[2:]]:
        thread.start()
