#!/usr/bin/env python3
"""Asks by ARP who has an address, again and again, and tells every machine that answers.

Usage: arp-probe.py '{"interface", "address", "source", "intervalMs", "durationMs"}'
Ends on SIGTERM or when its time is up. Prints one JSON object a line: an `arp` operation for each
question with every distinct hardware address that answered before the next question, and an `arp-announcement` for
each gratuitous one. Two addresses in one question: two machines hold it.
"""

import json
import select
import socket
import struct
import sys
import time

ETH_P_ARP = 0x0806
REQUEST, REPLY = 1, 2
BROADCAST = b"\xff" * 6


def question(own_mac, source, address):
    """The frame of a who-has for `address`, broadcast as if our neighbour entry had run out."""
    ethernet = BROADCAST + own_mac + struct.pack("!H", ETH_P_ARP)
    arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, REQUEST)
    return ethernet + arp + own_mac + socket.inet_aton(source) + bytes(6) + socket.inet_aton(address)


def parse(frame):
    """(operation, sender's MAC, sender's address, target's address), or None when it is no ARP over Ethernet and IPv4."""
    if len(frame) < 42 or frame[12:20] != struct.pack("!HHHBB", ETH_P_ARP, 1, 0x0800, 6, 4):
        return None
    operation = struct.unpack("!H", frame[20:22])[0]
    mac = ":".join("%02x" % byte for byte in frame[22:28])
    return operation, mac, socket.inet_ntoa(frame[28:32]), socket.inet_ntoa(frame[38:42])


def classify(parsed, source, address):
    """'reply' to us, 'announcement' to everybody, or None when it says nothing about who has `address`."""
    if parsed is None:
        return None
    operation, _, sender, target = parsed
    if sender != address:
        return None
    if target == address:
        return "announcement"
    return "reply" if operation == REPLY and target == source else None


def emit(operation):
    sys.stdout.write(json.dumps(operation, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def listen(sock, until, on_frame):
    """Passes every frame that comes before `until` (monotonic)."""
    while (left := until - time.monotonic()) > 0:
        if select.select([sock], [], [], left)[0]:
            on_frame(sock.recv(2048))


def main(config):
    interface, address, source = config["interface"], config["address"], config["source"]
    interval = config["intervalMs"] / 1000
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP))
    sock.bind((interface, ETH_P_ARP))
    frame = question(sock.getsockname()[4], source, address)
    due = time.monotonic()
    end = due + config["durationMs"] / 1000
    while due < end:
        asked, macs = time.time() * 1000, []

        def on_frame(received):
            parsed = parse(received)
            kind = classify(parsed, source, address)
            if kind == "reply" and parsed[1] not in macs:
                macs.append(parsed[1])
            elif kind == "announcement":
                emit({"t": time.time() * 1000, "process": "prober", "f": "arp-announcement", "type": "info", "mac": parsed[1]})

        sock.send(frame)
        due += interval
        listen(sock, due, on_frame)
        emit({"t": asked, "process": "prober", "f": "arp", "type": "ok" if macs else "fail", "macs": macs})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
