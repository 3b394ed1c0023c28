"""Asks name servers for an A record by UDP, as a resolver does: twice. Usage: dns.py NAME SERVER…

Prints a line a server: `answer SERVER RCODE ADDRESSES MILLISECONDS`, or `silent SERVER WHY`.
"""

import socket
import struct
import sys
import time

PATIENCE = 2.0
"""Seconds. A resolver's own is 5; a server that takes longer than this is not well."""


def question(name, number):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    return struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def skip_name(message, place):
    while message[place] and message[place] < 0xC0:
        place += 1 + message[place]
    return place + (2 if message[place] else 1)


def addresses(message, count):
    place = skip_name(message, 12) + 4
    found = []
    for _ in range(count):
        place = skip_name(message, place)
        kind, _, _, length = struct.unpack(">HHIH", message[place : place + 10])
        place += 10
        if kind == 1:
            found.append(socket.inet_ntoa(message[place : place + length]))
        place += length
    return found


def ask(server, name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(PATIENCE)
        udp.connect((server, 53))
        for number in (1, 2):
            begun = time.monotonic()
            try:
                udp.send(question(name, number))
                message = udp.recv(4096)
            except OSError as error:
                why = str(error) or "nothing came"
                continue
            _, flags, _, answers = struct.unpack(">HHHH", message[:8])
            listed = ",".join(addresses(message, answers)) or "-"
            return f"answer {server} {flags & 15} {listed} {(time.monotonic() - begun) * 1000:.1f}"
    return f"silent {server} {why}"


for each in sys.argv[2:]:
    print(ask(each, sys.argv[1]), flush=True)
