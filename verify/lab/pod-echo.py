"""Runs inside a pod's network on a node: serves TCP and UDP, or asks every other pod by both. Python's standard library."""

import socket
import sys
import threading

PORT = 7007


def serve() -> None:
    tcp = socket.create_server(("", PORT))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("", PORT))
    print("ready", flush=True)

    def answer_tcp() -> None:
        while True:
            connection, _ = tcp.accept()
            with connection:
                connection.sendall(connection.recv(2000))

    threading.Thread(target=answer_tcp, daemon=True).start()
    while True:
        data, peer = udp.recvfrom(2000)
        udp.sendto(data, peer)


def ask(address: str) -> None:
    # Larger than one VXLAN frame may carry: a wrong MTU shows here.
    message = b"m" * 1400
    with socket.create_connection((address, PORT), timeout=3) as tcp:
        tcp.sendall(message)
        tcp.shutdown(socket.SHUT_WR)
        answered = b""
        while chunk := tcp.recv(2000):
            answered += chunk
    print("tcp", address, "ok" if answered == message else "wrong", flush=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(3)
        udp.sendto(b"hello", (address, PORT))
        print("udp", address, "ok" if udp.recv(100) == b"hello" else "wrong", flush=True)


if sys.argv[1] == "serve":
    serve()
else:
    for peer in sys.argv[2:]:
        try:
            ask(peer)
        except OSError as error:
            print("failed", peer, error, flush=True)
