"""Whether this machine could serve as a gateway: answers molly-vip's question on loopback, as HAProxy does on a control plane.

It could when the kernel forwards, the rules of the firewall are loaded, and a DNS question that no cache can answer comes
back: that one takes dnsmasq, the way outside and a name server there. Looked at once a second, in a thread of its own.

Argument: the port.
"""

import http.server
import os
import socket
import struct
import subprocess
import sys
import threading
import time

PERIOD = 1.0
"""Seconds between two looks."""
PATIENCE = 2.0
"""Seconds that an answer may take: dnsmasq asks its next server after about one."""
STALE = 6.0
"""A look that is older than so many seconds says nothing any more."""


def question():
    """A DNS question for a name that nobody has asked for before. `invalid` is no domain (RFC 2606): the answer says so."""
    name = f"molly-{os.urandom(8).hex()}.invalid"
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    number = os.urandom(2)
    return number, number + struct.pack(">HHHHH", 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def names_are_answered(server=("127.0.0.1", 53)):
    """Whether somebody answers within PATIENCE, and not with a refusal or a failure of his own."""
    number, packet = question()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(PATIENCE)
        try:
            udp.connect(server)
            udp.send(packet)
            answer = udp.recv(512)
        except OSError:
            return False
    code = answer[3] & 0x0F if len(answer) > 3 else None
    return answer[:2] == number and code in (0, 3)  # no error, no such name


def trouble(forwarding="/proc/sys/net/ipv4/ip_forward"):
    """Why this machine could not serve, in a few words; empty when it could."""
    with open(forwarding, encoding="ascii") as file:
        if file.read().strip() != "1":
            return "the kernel does not forward"
    rules = subprocess.run(["nft", "list", "table", "inet", "molly"], capture_output=True, check=False)
    if rules.returncode != 0:
        return "the firewall's rules are not loaded"
    return "" if names_are_answered() else "no name server outside answers"


class Health:
    def __init__(self):
        self._trouble, self._looked = "not looked yet", time.monotonic()

    def watch(self):
        """For ever."""
        while True:
            try:
                found = trouble()
            except OSError as error:
                found = str(error)
            if found != self._trouble:
                print(found or "could serve", flush=True)
            self._trouble, self._looked = found, time.monotonic()
            time.sleep(PERIOD)

    def answer(self):
        """(status, text)"""
        if time.monotonic() > self._looked + STALE:
            return 503, "the last look is too long ago"
        return (503, self._trouble) if self._trouble else (200, "could serve")


def handler(health):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # molly-vip keeps its connection, to see at once when it ends

        def do_GET(self):  # the name that the base class calls
            status, text = health.answer()
            body = f"{text}\n".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format, *args):  # twenty questions a second
            pass

    return Handler


def main():
    health = Health()
    threading.Thread(target=health.watch, daemon=True).start()
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler(health)).serve_forever()


if __name__ == "__main__":
    main()
